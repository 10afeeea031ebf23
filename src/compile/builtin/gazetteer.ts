// Known names, to tell a person from a place: common given names, countries and large cities, organizations and
// products that documents often name. Deliberately small: a name that is not certain is not typed.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))
const lines = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .trim()
      .split(/\s*[,\n]\s*/)
      .map((name) => name.toLowerCase()),
  )

export const GIVEN_NAMES = words(`
Aaron Abigail Abraham Ada Adam Adrian Agnes Ahmed Aidan Aisha Akira Alain Alan Albert Alberto Alejandro Alex Alexander Alexandra
Alexei Alfred Ali Alice Alicia Alison Allen Alonzo Amanda Amelia Amir Amit Amy Ana Anders Andre Andrea Andreas Andrei Andrew Andrey
Angela Anita Ankit Ann Anna Anne Annie Anthony Antoine Anton Antonio Arjun Arnold Arthur Ashish Astrid Audrey Barbara Barry Beatrice
Ben Benjamin Bernard Bert Beth Betty Bill Bjarne Bob Boris Bradley Brandon Brenda Brendan Brian Bruce Bruno Bryan Carl Carla Carlo
Carlos Carmen Carol Caroline Catherine Cathy Cecilia Chad Charles Charlie Charlotte Cheng Chloe Chris Christian Christina Christine
Christoph Christopher Claire Clara Claude Claudia Claus Colin Connor Craig Cynthia Dale Dan Daniel Daniela Danny Darren Dave David
Dawn Dean Deborah Denis Dennis Derek Diana Diane Diego Dieter Dirk Dmitri Dmitry Dominic Don Donald Donna Dorothy Doug Douglas Duncan
Dylan Earl Eddie Edgar Edith Eduardo Edward Edwin Elaine Eleanor Elena Eli Elias Elijah Elisabeth Elizabeth Ella Ellen Elon Emil Emily
Emma Enrique Eric Erik Erika Ernest Erwin Esther Ethan Eugene Eva Evan Eve Evelyn Fabian Fatima Felix Fernando Fiona Florian Frances
Francesco Francis Francois François Frank Franz Fred Frederick Friedrich Gabriel Gabriela Gareth Gary Gavin Geoffrey George Georg
Gerald Gerard Gerhard Gilbert Giovanni Giulia Giuseppe Glenn Gloria Gordon Grace Graham Grant Greg Gregory Greta Guido Guillaume Gustav
Guy Hannah Hans Harold Harry Harvey Heather Hector Heidi Heinrich Helen Helena Helga Henri Henry Herbert Herman Hiroshi Holger Howard
Hugh Hugo Ian Ibrahim Igor Ilya Ingrid Irene Iris Isaac Isabel Isabella Ivan Jack Jackie Jacob Jacques Jaime Jakob James Jamie Jan Jane
Janet Jason Javier Jay Jean Jeff Jeffrey Jennifer Jenny Jeremy Jerome Jerry Jesse Jessica Jill Jim Jimmy Jing Joachim Joan Joanna Joao
Joe Joel Johan Johann Johannes John Johnny Jon Jonas Jonathan Jordan Jorge Jose José Josef Joseph Joshua Joy Joyce Juan Judith Judy Julia
Julian Julie Julien Juliet Jun Jürgen Justin Karen Karim Karin Karl Kate Katherine Kathleen Kathy Katrin Keith Kelly Ken Kenneth Kenji Kent
Kevin Khaled Kim Kimberly Klaus Konrad Kristen Kurt Kyle Lara Larry Lars Laura Lauren Laurent Lawrence Lea Leah Lee Lena Leo Leon Leonard
Leonardo Leslie Lewis Liam Linda Linus Lisa Llion Lloyd Lorenzo Louis Louise Luca Lucas Lucia Lucy Luis Luisa Łukasz Lukas Luke Lydia Lynn
Magnus Manuel Marc Marcel Marco Marcus Margaret Maria María Marie Marina Mario Marion Mark Markus Martha Martin Martina Marvin Mary Masahiro
Mathias Mats Matt Matteo Matthew Matthias Maurice Max Maxim Maya Megan Mei Melissa Michael Michel Michelle Miguel Mikhail Mike Mila Milan
Ming Mira Miriam Mohamed Mohammad Mohammed Moritz Muhammad Nadia Nancy Naomi Natalia Natalie Natasha Nathan Neil Nelson Niall Nicholas Nick
Nicola Nicolas Nicole Niels Niki Nikita Nikolai Nils Nina Noah Noam Nora Norbert Norman Olaf Oleg Olga Oliver Olivia Omar Oscar Otto Owen Pablo
Pamela Paolo Patricia Patrick Paul Paula Pavel Pedro Peggy Peter Petr Petra Philip Philipp Philippe Phillip Pierre Pieter Priya Quentin Rachel
Radu Rafael Rahul Raj Rajesh Ralf Ralph Ramon Randy Raoul Raymond Rebecca Renata Rene René Ricardo Richard Rick Rita Rob Robert Roberto Robin
Rodrigo Roger Roland Rolf Roman Ron Ronald Rosa Rose Ross Roy Ruben Rudolf Rupert Russell Ruth Ryan Sabine Sally Sam Samantha Samuel Sandra
Sanjay Sara Sarah Satoshi Scott Sean Sebastian Serge Sergei Sergey Sergio Seth Shane Shannon Sharon Shawn Sheila Shirley Silvia Simon Simone
Sofia Sonia Sophia Sophie Stacy Stan Stefan Stefano Stephanie Stephen Steve Steven Stuart Sunil Susan Susanne Suzanne Sven Sylvia Takashi
Tamara Tanya Tara Tatiana Ted Teresa Terry Theo Theodore Theresa Thierry Thomas Tim Timothy Tina Tobias Todd Tom Tomas Tomasz Toni Tony Tracy
Trevor Tyler Ulrich Ulrike Ursula Valentin Valerie Vanessa Vera Veronica Victor Victoria Vijay Viktor Vincent Virginia Vitaly Vivian Vladimir
Walter Wanda Warren Wayne Wei Wendy Werner Wilhelm Will William Willy Winston Wolfgang Xavier Xiao Yan Yang Yann Yasmin Yoshua Yuri Yuki Yves
Yvonne Zachary Zoe Zhang Yu Yilun Nikos Kostas Giorgos Dimitris Yannis Hao Hui Jian Lei Ning Peng Qiang Tao Xin Ying Zhen Hong Illia Ilias Quoc
Samy Oriol Sepp Kyunghyun Dzmitry Reynold Anand Arun Deepak Ravi Suresh Vikram Chen Feng Jie Kai Liang Rui Shuo Ting Yong Kofi Kwame Chinua
Annika Bjorn Björn Einar Gunnar Håkan Lennart Mikael Sigrid Søren Agnieszka Krzysztof Małgorzata Piotr Zbigniew Aleksandr Ekaterina Svetlana`)

export const PLACES = lines(`
Afghanistan, Albania, Algeria, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan, Bangladesh, Belarus, Belgium, Bolivia, Bosnia, Botswana,
Brazil, Bulgaria, Cambodia, Cameroon, Canada, Chile, China, Colombia, Costa Rica, Croatia, Cuba, Cyprus, Czech Republic, Czechia, Denmark, Ecuador,
Egypt, El Salvador, England, Estonia, Ethiopia, Finland, France, Georgia, Germany, Ghana, Greece, Greenland, Guatemala, Haiti, Honduras, Hong Kong,
Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Jamaica, Japan, Kazakhstan, Kenya, Kuwait, Laos, Latvia, Lebanon,
Libya, Lithuania, Luxembourg, Malaysia, Mali, Malta, Mexico, Moldova, Mongolia, Morocco, Mozambique, Myanmar, Namibia, Nepal, Netherlands,
New Zealand, Nicaragua, Nigeria, North Korea, Norway, Oman, Pakistan, Panama, Paraguay, Peru, Philippines, Poland, Portugal, Qatar, Romania, Russia,
Rwanda, Saudi Arabia, Scotland, Senegal, Serbia, Singapore, Slovakia, Slovenia, Somalia, South Africa, South Korea, Spain, Sri Lanka, Sudan, Sweden,
Switzerland, Syria, Taiwan, Tanzania, Thailand, Tunisia, Turkey, Uganda, Ukraine, United Arab Emirates, United Kingdom, United States, Uruguay,
Uzbekistan, Venezuela, Vietnam, Wales, Yemen, Zambia, Zimbabwe, Africa, Asia, Europe, North America, South America, Latin America, Middle East,
Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Florida, Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana,
Maryland, Massachusetts, Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, New York,
North Carolina, Ohio, Oklahoma, Oregon, Pennsylvania, Tennessee, Texas, Utah, Vermont, Wisconsin, Wyoming, Ontario, Quebec, British Columbia, Bavaria,
Amsterdam, Athens, Atlanta, Bangkok, Barcelona, Beijing, Berlin, Bogotá, Boston, Brussels, Bucharest, Budapest, Buenos Aires, Cairo, Chicago,
Copenhagen, Dallas, Delhi, Denver, Detroit, Dubai, Dublin, Edinburgh, Frankfurt, Geneva, Hamburg, Hanoi, Helsinki, Houston, Istanbul, Jakarta,
Jerusalem, Johannesburg, Karachi, Kyiv, Kyoto, Lagos, Lima, Lisbon, London, Long Beach, Los Angeles, Madrid, Manchester, Manila, Melbourne, Mexico City,
Miami, Milan, Montreal, Moscow, Mumbai, Munich, Nairobi, New Delhi, New York City, Osaka, Oslo, Ottawa, Paris, Philadelphia, Prague, Rome,
Rotterdam, San Diego, San Francisco, Santiago, São Paulo, Seattle, Seoul, Shanghai, Shenzhen, Silicon Valley, Stockholm, Sydney, Tehran, Tel Aviv, Tokyo,
Toronto, Vancouver, Vienna, Warsaw, Washington, Zurich, Zürich, USA, UK, UAE`)

export const ORGANIZATIONS = lines(`
Adobe, Airbnb, Airbus, Alibaba, Amazon, AMD, Anthropic, Apple, ARM, AT&T, Baidu, BBC, BMW, Boeing, CERN, Cisco, CNN, DARPA, DeepMind, Dell, eBay, ESA,
European Commission, European Union, Facebook, FBI, FDA, Ford, General Electric, Google, Google Brain, Google Research, Hewlett-Packard, Honda, HP, Huawei,
IBM, IEEE, IETF, IMF, Intel, ISO, LinkedIn, Meta, Microsoft, Microsoft Research, MIT, Mozilla, NASA, NATO, Netflix, NIST, Nokia, NVIDIA, OECD, OpenAI, Oracle, PayPal,
Philips, Qualcomm, Red Hat, Reuters, Salesforce, Samsung, SAP, Siemens, Sony, SpaceX, Spotify, Tencent, Tesla, Toyota, Twitter, Uber, UNESCO, UNICEF,
United Nations, Volkswagen, W3C, WHO, World Bank, World Health Organization, Xerox, Yahoo, NHS, CDC, MITRE, ACM, Stripe, Shopify, Hugging Face, Mistral`)

export const PRODUCTS = lines(`
Android, Ansible, Apache, AWS, Azure, Bash, BSD, C++, C#, Cargo, ChatGPT, Chrome, Chromium, Clang, Clojure, CUDA, Debian, Django, Docker, Eclipse,
Elasticsearch, Emacs, Erlang, Firefox, FreeBSD, GCC, Git, GitHub, GitLab, Gmail, GNOME, Go, GraphQL, Hadoop, Haskell, HTML, iOS, iPad, iPhone,
Java, JavaScript, Jenkins, Jira, JSON, Jupyter, Kafka, Keras, Kotlin, Kubernetes, LaTeX, Linux, LLVM, Lua, macOS, Markdown, MATLAB, MongoDB, MySQL,
.NET, Node.js, npm, NumPy, Objective-C, OCaml, Obsidian, OpenCV, OpenGL, OpenSSL, Outlook, Perl, PHP, PostgreSQL, Postgres, PowerPoint, Prometheus,
Python, PyTorch, React, Redis, Ruby, Rust, rustc, Scala, SciPy, SharePoint, Slack, Solaris, SQLite, Stack Overflow,
Swift, TensorFlow, Terraform, TypeScript, Ubuntu, Unix, Vim, Visual Studio, Vue, WebAssembly, Wikipedia, Windows, WordPress, X11, XML, YAML, YouTube, Zig,
Servo, Fortran, Coq, Prolog, Smalltalk, COBOL, Lisp, MSVC, POSIX, Musl, glibc, OpenBSD, Valgrind, Buildbot, crates.io, rustdoc, rustup`)

export const ORGANIZATION_WORDS = words(`
university institute college school laboratory laboratories lab labs department ministry agency committee commission council association
society foundation federation union corporation corp inc ltd llc gmbh ag company group bank hospital clinic museum press consortium
bureau office court parliament senate congress alliance authority board centre center academy trust holdings
industries universität hochschule institut ministerium université`)

export const EVENT_WORDS = words(`
conference workshop symposium summit congress olympics festival election war revolution convention meetup hackathon tournament cup championship
expo forum crisis earthquake hurricane pandemic battle treaty expedition mission`)

export const PERSON_TITLES = words(
  'dr prof professor mr mrs ms sir president senator minister chancellor ceo captain judge king queen pope saint dame lord',
)
