// node --require old-node.cjs: a Node that says that it is an older one.
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })
