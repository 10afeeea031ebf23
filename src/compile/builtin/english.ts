// English words that the tagger has in its lexicon: closed classes, and the commonest words of open ones. Any other
// word is judged by its ending and its neighbours, and is a noun otherwise.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Determiners, pronouns, prepositions, conjunctions, auxiliaries, modals, question words and common adverbs. */
export const FUNCTION_WORDS = words(`
a an the this that these those some any no every each either neither both all half many much more most few fewer little less
least several such another other others own same enough which what whose whatever whichever i me my mine myself we us our ours
ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they them their theirs
themselves one ones oneself who whom whoever something anything nothing everything someone anyone everyone nobody somebody
anybody everybody none somewhere anywhere everywhere nowhere about above across after against along alongside amid among
amongst around as at atop before behind below beneath beside besides between beyond by concerning despite down during except
for from in inside into like minus near of off on onto opposite out outside over past per plus regarding round since than
through throughout till to toward towards under underneath unlike until up upon versus via with within without and but or nor
so yet if unless because although though whereas while whilst whether once lest provided when whenever where wherever why how
however therefore thus hence moreover furthermore nevertheless nonetheless otherwise instead meanwhile consequently accordingly using including according depending based
be am is are was were been being have has had having do does did done doing can could may might must shall should will would
ought need dare cannot can't won't don't doesn't didn't isn't aren't wasn't weren't hasn't haven't hadn't wouldn't shouldn't
couldn't let's it's that's there's what's i'm i've i'd i'll we're we've we'd we'll you're you've you'd you'll they're they've
they'd they'll he's she's there here now then today tomorrow yesterday again always never ever often sometimes usually
generally typically normally rarely seldom soon already still just only even also too very quite rather pretty almost nearly
really actually perhaps maybe probably possibly certainly indeed well not not n't else away back forth together apart ahead
aside anyway somehow somewhat further far later earlier first second third last next finally eventually especially
particularly mostly mainly largely merely simply currently recently previously yes no ok okay etc eg ie e.g i.e vs cf et al
respectively thereby therein thereof whereby wherein notwithstanding inasmuch namely much-needed via zero two three four five
six seven eight nine ten eleven twelve dozen hundred thousand million billion`)

export const SUBJECT_PRONOUNS = words('i we you he she it they who which that')
export const MODALS = words(
  "can could may might must shall should will would to cannot can't won't don't doesn't didn't wouldn't shouldn't couldn't let's not please",
)
export const BE_HAVE = words(
  "be am is are was were been being have has had having isn't aren't wasn't weren't hasn't haven't get gets got getting",
)
export const DETERMINERS = words(
  'a an the this that these those some any no every each either neither both all many much more most few several such another my our your his her its their whose which what one',
)
const PREPOSITIONS_ONLY = words(
  'of in on at by for with from into onto about between among through across under over against within without via per as like than',
)
export const PREPOSITIONS = PREPOSITIONS_ONLY

/** Base forms that are verbs and rarely nouns. */
export const VERBS = words(`
accept accompany account achieve acknowledge acquire adapt add address adjust admit adopt advise affect afford aggregate agree
aim alert allocate allow alter amend announce annotate anticipate appear append apply appreciate approach approve argue arise
arrange arrive ascertain ask assert assess assign assist assume assure attach attain attend attempt augment authorize avoid await
base become beg begin behave believe belong bind borrow break bring build burn buy calculate call cancel capture care carry catch
cause cease change characterize charge check choose cite claim clarify classify clean clear close collect combine come commence
comment communicate compare compete compile complain complete comply compose comprise compute conceive concentrate concern
conclude conduct confirm connect consider consist constitute constrain construct consult consume contain continue contrast
contribute convert convey convince cope copy correct correspond cost count cover create cut deal debate decide declare decline
decompose decrease dedicate deduce deem define delay delegate delete deliver demand demonstrate denote deny depend deploy deprecate
derive describe deserve design desire destroy detect determine develop deviate die differ differentiate disable disagree
disappear discard disclose discourage discover discuss dispatch display distinguish distribute divide double draw drive drop
duplicate earn ease eat elaborate elect eliminate embed embrace emerge emit emphasize employ enable encode encounter encourage
end enforce engage enhance enjoy enlarge ensure entail enter enumerate establish estimate evaluate evolve examine exceed exclude
execute exercise exhibit exist expand expect experience explain explore expose express extend extract face facilitate fail fall
favor feed feel fetch figure fill find finish fit fix focus follow forbid force foresee forget formulate forward foster found
fulfill gain gather generate get give go govern grant grow guarantee guess guide handle happen hear help hide hold hope identify
ignore illustrate imagine impact implement imply import impose improve include incorporate increase incur indicate infer inform
inherit inhibit initialize insert insist inspect inspire install instantiate instruct integrate intend interact interpret introduce
invent invest investigate invite invoke involve isolate issue join judge justify keep know lack last launch lay lead learn leave
lend let leverage lie lift link list listen live load locate look lose love lower maintain make manage mandate manifest mark match
matter mean measure meet mention merge mind minimize miss mitigate mix model modify monitor motivate move name need negate neglect
note notice notify obey object observe obtain occupy occur offer omit open operate oppose opt optimize order organize originate
outline overcome override overwrite own paint participate pass pay perceive perform permit persist pick place plan play point
populate pose possess postpone predict prefer prepare present preserve press pretend prevent print proceed process produce prohibit
promise promote prompt propose protect prove provide publish pull purchase pursue push put query question quote raise range rank
reach react read realize reason recall receive recognize recommend reconcile record recover reduce refer refine reflect refuse
regard regulate reject relate relax release rely remain remember remind remove rename render repeat replace reply report represent
reproduce request require resemble reserve reset reside resolve respect respond rest restore restrict result retain retrieve return
reuse reveal reverse review revise rewrite rise run satisfy save say scale search see seek seem select sell send separate serve set
settle shall share shift ship show shrink shut sign signal simplify simulate sit skip slow solve sort sound speak specialize specify
speed spend split spread stabilize stand start state stay stem stick stop store strengthen strive struggle submit substitute
succeed suffer suffice suggest suit sum summarize supersede supply support suppose suppress surprise survive suspect sustain switch
take talk target teach tell tend term test thank think throw tie touch track trade train transfer transform translate travel treat
trigger trust try tune turn tweak type undergo understand undertake update upgrade urge use utilize validate vary verify view violate
visit vote wait walk want warn warrant wash waste watch weaken weigh win wish withdraw wonder work worry wrap write yield`)

/** Verbs above that are as often nouns: their neighbours decide. */
export const NOUN_VERBS = words(`
account address approach attempt borrow break build call capture cause change charge check claim comment compile contrast copy cost
count cover cut deal debate decline delay demand design desire display drive drop end estimate exercise experience face fall feed
figure fit fix focus force function gain grant guarantee guess guide handle help hold impact import increase issue join judge lack
launch lead lift link list load look loss mark match matter mean measure merge mind miss mix model monitor move name need note notice
object offer order outline override paint pass pick place plan play point press print process promise prompt query question quote
range rank reach read reason recall record release reply report request reserve reset respect rest result return review rise run sample
save scale search sense set share shift ship show sign signal sort sound speed split spread stand start state stay stem stick stop
store sum supply support surprise switch talk target term test throw tie touch track trade train transfer transform treat trigger
trust try tune turn type update upgrade use value view visit vote wait walk warrant watch work wrap yield`)

/** Irregular past forms and participles. */
export const IRREGULAR = words(`
became begun began bound broken broke brought built bought came caught chosen chose dealt drawn drew driven drove fallen fell felt
found forgotten forgot given gave gone went got gotten grown grew held heard hidden hid kept known knew laid led left lent lost made
meant met paid put ran read risen rose said sat saw seen sent set shown shut sold sought spent spoke spoken stood stuck taken took
taught thought threw thrown told understood won written wrote`)

export const ADVERB_EXCEPTIONS = words(
  'family assembly anomaly supply reply poly monopoly belly bully ally rally jelly lily fly july italy early daily weekly monthly yearly only likely friendly',
)

/** Adjectives without a distinctive ending. */
export const ADJECTIVES = words(`
able abstract afraid alive alone ancient asleep aware bad bare basic better best big bigger biggest blank blind blue brief bright
broad broken busy careful certain cheap cheaper clean clear clever close cold common complete complex concrete cool correct crucial
current dark dead deep deeper dense different difficult direct distinct double dry due early easier easiest easy empty entire equal
exact explicit extra fair false fast faster fine firm fit flat foreign formal former free fresh full fuller future general good great
greater greatest green happy hard harder heavy high higher highest honest hot huge human ideal implicit important independent
individual initial inner internal joint key kind large larger largest late latest lazy left light likely linear long longer longest
loose low lower lowest main major mere mild minor mixed mobile modern multiple mutable narrow native natural near neat necessary
negative new newer newest next nice normal novel obscure obvious odd old older oldest only open opposite optimal other outer overall
particular past plain poor popular positive possible potential precise preliminary present previous prior private proper public pure
quick quiet random rare raw ready real recent red regular relevant remote rich right rigid robust rough round safe separate serious
severe shallow sharp short shorter shortest silent similar simple simpler simplest single slight slow slower small smaller smallest
smart smooth soft solid sound spare sparse special specific stable standard static steady stiff straight strange strict strong
stronger subsequent subtle sufficient sure sweet tall temporary tight tiny total tough true typical unclear unique universal unsafe
upper useful usual vague valid various vast verbose warm weak weaker weird wet white whole wide wider wild wise worse worst worth
worthy wrong young younger alike subject dominant misleading confusing interesting surprising existing following missing promising
coherent consistent inconsistent parametric attributable idiomatic iterable explicit opaque polymorphic monomorphic ergonomic variadic contravariant covariant
challenging compelling corresponding underlying remaining resulting leading upcoming ongoing overlapping outstanding exciting`)

/** Adjectives that say nothing about what a thing is: they do not begin a concept. */
export const WEAK_MODIFIERS = words(`
able actual additional appropriate available bad better best big bigger biggest brief broad careful certain clean clear close
common comparable complete considerable convenient correct corresponding crucial current desired different difficult distinct due
early easier easiest easy effective entire equal equivalent essential exact existing explicit extra fair few final fine first
following former full fundamental further future general given good great greater greatest hard harder helpful high higher highest
huge ideal important impossible independent individual initial interesting intermediate key known large larger largest late later
latest least left likely little long longer longest lot low lower lowest main major many mere minor modern multiple near
necessary new newer next nice normal notable numerous obvious old older only open ordinary original other overall own
particular past perfect plain poor popular possible potential powerful precise preferred preliminary present previous primary prior
proper proposed quick rare reasonable recent related relevant remaining respective resulting right rough same second separate
several severe short shorter shortest significant similar simple simpler simplest single slight slow slower small smaller smallest
special specific straightforward strange strong stronger subsequent substantial successful sufficient suitable super sure
terrible third tiny top total traditional true trivial typical unclear unique unfortunate unnecessary unusual upcoming useful usual
valid various vast very whole wide wider widespread worse worst worth wrong young certain-kind so-called non-trivial long-term
kinda state-of-the-art well-known aforementioned above-mentioned two-fold such-and-such hypothetical alternative weird
surprising misleading confusing missing promising challenging compelling underlying leading ongoing exciting outstanding desirable undesirable acceptable ultimate entirely equally`)

/** Nouns that say nothing by themselves: neither a concept alone nor the head of one. */
export const GENERIC_NOUNS = words(`
ability absence access account act action addition advantage advice aim alternative amount answer appendix application approach
area argument article aspect attempt attention author background basis beginning behavior behaviour benefit bit bottom bunch bug
care case category cause center chain chance change chapter choice circumstance claim class code collection column combination
comment comparison complexity component concept concern conclusion condition confusion consequence consideration contact content
context contrast contribution control convention copy cost count couple course creation day deal decision definition degree delay
demand description design desire detail detailed-design difference difficulty direction disadvantage discussion distance document
documentation doubt drawback edge effect effort element emphasis end entry environment equation error evidence example exception
expectation experience experiment explanation extent fact factor favor feature feedback field figure file finding fix focus form
format framework function future gain goal ground group guarantee guide hand help hour idea impact implementation implication
importance improvement information initialization input instance instruction intent intention interest introduction investigation
issue item job justification keyword kind knowledge lack language length letter level life limit limitation line link list
literature look loss lot maintenance majority manner matter meaning means measure mechanism member method middle mind minute mistake
model moment month motivation move name nature need note notice notion number object objective observation offer one operation
opinion opportunity option order outcome outline output overview page paper paragraph parameter part people period person
perspective phase phrase picture piece place plan point position possibility post potential practice precedent preference presence
problem procedure process product program progress project proof property proposal proposition purpose quality quantity question
range rank rate rationale reader reading reality reason recommendation record reference region relation relationship remainder
report request requirement research resource respect response rest restriction result return review rfc right role room row rule run
sake sample scenario scope section sense sentence sequence series set setting setup shape side sign significance similarity
situation size solution sort source space speed stage start state statement step story strategy structure study style subject
subset success suggestion sum summary support surface syntax system table task team technique term terminology test text thank thanks thing
thought time title today tool top topic total transition treatment trend trick truth type unit unresolved update usage use user value
variant variation variety version view volume warning way week word work world worry year yesterday zero kind-of stuff guy handful plenty issue tracker
thread link url website footnote figure-caption bullet todo note-to example-usage others one-liner drawbacks alternatives questions
downside upside workaround consensus caveat anything aka hour half majority breakage ergonomics churn precedence thing-y minimum
maximum improvement convenience alias-name comparison abstraction arbitrary implementor implementer
default functionality distinction body duplication call programmer developer flag notation inclusion existence invocation
author being making adding writing running reading working trying doing going taking being
fraction gap capability boundary score week gpu-day ability quality advantage hope remark lemma corollary
chapter lecture exercise hint week recall`)

/** Words for points in time; never part of a name. */
export const CALENDAR = words(
  'january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec',
)
