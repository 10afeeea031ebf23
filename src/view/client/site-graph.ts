// The graph of the exported site, beside the script of every page.
import { mount } from './graph.ts'

for (const element of document.querySelectorAll<HTMLElement>('[data-island=graph]')) void mount(element)
