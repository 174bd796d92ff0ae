/** Raw material of the demo company's names. Nothing here is a real firm or person. */

const words = (text: string): string[] => text.trim().split(/\s+/);
const lines = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());

export const SURNAMES = words(`
  Abbott Ackroyd Ainsworth Aldridge Armitage Ashcroft Atherton Bagshaw Bainbridge Bannister Barraclough Bartlett
  Beaumont Bellamy Birtwistle Blackburn Blythe Bradshaw Braithwaite Bramley Broadbent Brocklehurst Bullock Burgess
  Butterworth Calloway Cartwright Castleton Chadwick Chilton Clitheroe Cockburn Colclough Coldwell Copeland Cotterill
  Crabtree Crossley Cuthbert Dalgleish Danforth Dawlish Denholm Dewhurst Dinsdale Driscoll Duckworth Eastwood Eccles
  Ellershaw Entwistle Fairbrother Fairclough Farnworth Fawcett Fearnley Fenwick Fernsby Fitzsimmons Flannery Fothergill
  Gallimore Garside Gaskell Gatenby Gilchrist Goodall Grantham Greenhalgh Grimshaw Hainsworth Halliwell Hargreaves
  Harbottle Hartley Haverstock Hawksworth Heathcote Hebblethwaite Hesketh Heywood Hinchcliffe Holroyd Honeywell
  Horsfall Huddleston Illingworth Ingham Inglis Jagger Jephson Kershaw Kilbride Kitching Lambert Langdale Lathom
  Ledgard Lightfoot Lockwood Longbottom Lovell Lumley Macnab Mallinson Mansfield Marchbank Marsden Mayhew Merryweather
  Micklethwaite Midgley Molyneux Mortimer Murgatroyd Naismith Netherton Nuttall Oakeshott Oldroyd Ormerod Osgood
  Pargeter Pemberton Pendlebury Penhaligon Pettigrew Pickersgill Pilkington Plumtree Postlethwaite Prendergast
  Quarmby Quigley Radcliffe Ramsbottom Rathbone Ravenscroft Redfern Renshaw Rigby Rimmer Rowbottom Rushworth Rycroft
  Satterthwaite Scargill Seddon Shackleton Shufflebottom Sidebottom Skelton Slingsby Smethurst Sowerby Stainforth
  Stockdale Strickland Sutcliffe Swainson Tattersall Tempest Thackeray Thistlethwaite Thorneycroft Threlfall Tolliver
  Tordoff Tremayne Trevithick Tunstall Turnbull Twistleton Uttley Varley Wadsworth Wainwright Walmsley Warburton
  Waterhouse Weatherill Whitaker Whiteley Widdop Winstanley Wolstenholme Woodhead Worthington Wrigley Yardley
  Yeadon Okafor Patel Kaur Hussain Chowdhury Nakamura Kowalska Fernandes Adeyemi Banerjee Rahman Mensah Novak Silva
`);

export const WOMEN = words(`
  Abigail Agnes Ailsa Alice Amelia Angela Anita Annabel Audrey Barbara Beatrice Bethan Brenda Bridget Bronwen
  Carol Catherine Charlotte Clare Constance Daisy Deborah Diana Dorothy Edith Eileen Elaine Eleanor Elsie Emily
  Emma Esther Farah Felicity Fiona Florence Frances Gillian Glenys Grace Gwen Hannah Harriet Hazel Heather Helen
  Hilary Imogen Irene Isla Jacqueline Jane Janet Jasmine Jean Jessica Joan Joyce Judith Karen Kirsty Laura Leila
  Lesley Lorna Lucy Lydia Margaret Marjorie Mary Maureen Megan Miriam Moira Muriel Nadia Nancy Nicola Norma Olwen
  Pamela Patricia Peggy Penelope Philippa Priya Rachel Rebecca Rosemary Rosie Ruth Sandra Sarah Sheila Sophie
  Stella Susan Sylvia Tamsin Ursula Valerie Vera Vivian Wendy Winifred Yasmin Yvonne Zara
`);

export const MEN = words(`
  Adam Alan Alastair Amir Andrew Arthur Barry Benjamin Bernard Brian Calum Cecil Clive Colin Craig Daniel David
  Deepak Derek Donald Duncan Edward Eric Ernest Ewan Finlay Fraser Gareth Gavin Geoffrey George Gordon Graham
  Harold Henry Howard Hugh Iain Ivor James Jeremy Jonathan Julian Keith Kenneth Lawrence Leonard Lewis Malcolm
  Martin Matthew Neil Nigel Oliver Oscar Paul Peter Ralph Raymond Rhys Richard Robert Roderick Rupert Samuel Simon
  Stephen Terence Theodore Thomas Timothy Trevor Victor Walter Wilfred William
`);

export const FIRST_NAMES = [...WOMEN, ...MEN];

export const TRADES = lines(`
  Roofing
  Joinery
  Plumbing & Heating
  Electrical Services
  Landscapes
  Bakery
  Print Works
  Motors
  Haulage
  Catering
  Scaffolding
  Flooring
  Interiors
  Glazing
  Plastering
  Brewery
  Coffee Roasters
  Veterinary Practice
  Dental Care
  Opticians
  Physiotherapy
  Accountancy
  Architects
  Surveyors
  Software
  Web Design
  Marketing
  Photography
  Recruitment
  Training
  Day Nursery
  Garden Centre
  Farm Shop
  Butchers
  Fishmongers
  Florists
  Upholstery
  Furniture
  Kitchens
  Bathrooms
  Tiling
  Fencing
  Timber
  Steel Fabrication
  Engineering
  Precision Tools
  Plastics
  Packaging
  Logistics
  Couriers
  Removals
  Self Storage
  Cleaning Services
  Laundry
  Pest Control
  Waste Management
  Skip Hire
  Plant Hire
  Groundworks
  Civil Engineering
  Paving
  Drainage
  Boatyard
  Outdoor Sports
  Cycles
  Bookshop
  Antiques
  Auctioneers
  Lettings
  Estate Agents
  Property Management
  Security Systems
  Locksmiths
  Signs
  Embroidery
  Textiles
  Knitwear
  Footwear
  Leather Goods
  Ceramics
  Glassworks
  Instruments
  Audio Visual
  Events
  Marquees
  Wedding Cars
  Coaches
  Taxis
  Aggregates
  Quarries
  Fuels
  Renewables
  Solar
  Insulation
  Dairy
  Cheese Makers
  Orchards
  Vineyard
  Preserves
  Foods
`);

/** First halves of trading names that belong to no person. */
export const TRADING_NAMES = lines(`
  Silver Birch
  Red Kite
  Old Mill
  Blue Anchor
  Three Rivers
  White Hart
  Copper Beech
  Northern Star
  Iron Bridge
  Golden Fleece
  Black Swan
  Green Lane
  Harbour View
  Castle Gate
  Hilltop
  Riverside
  Moorland
  Fellside
  Lighthouse
  Canal Street
  Market Square
  Stonebridge
  Oakwood
  Ashgrove
  Willow Brook
  Hawthorn
  Kingfisher
  Peregrine
  Skylark
  Nightingale
  Foxglove
  Bluebell
  Thistledown
  Rowan Tree
  Wild Rose
  Heatherbank
  Clover Hill
  Meadowsweet
  Beacon
  Windmill
  Millstone
  Keystone
  Cornerstone
  Flagstone
  Granite City
  Slate & Stone
  Compass
  Meridian
  Horizon
  Zenith
  Pinnacle
  Vanguard
  Pioneer
  Endeavour
  Enterprise
  Heritage
  Legacy
  Cavendish
  Wellington
  Trafalgar
  Waterloo
  Albion
  Britannia
  Avalon
  Camelot
  Excalibur
  Phoenix
  Griffin
  Unicorn
  Saltire
`);

export const TITLES_OF_WOMEN = ['Mrs', 'Ms', 'Miss', 'Dr'];
export const TITLES_OF_MEN = ['Mr', 'Mr', 'Dr'];

export const STREETS = words(`
  High Station Church Mill Market Victoria Albert Queen King Park London York Manor Chapel School Bridge Castle North
  South West East Green Spring Garden Wellington Nelson Grange Orchard Canal Dock Quarry Foundry Tannery Abbey Priory
`);
export const STREET_KINDS = [
  'Street',
  'Road',
  'Lane',
  'Avenue',
  'Way',
  'Close',
  'Terrace',
  'Place',
  'Row',
  'Hill',
];
export const ESTATES = [
  'Riverside Business Park',
  'Canal Wharf',
  'The Old Maltings',
  'Enterprise Centre',
  'Station Approach Trading Estate',
  'Albion Mills',
  'Meadow Lane Industrial Estate',
];
