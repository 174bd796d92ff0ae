/** Towns with their county, postcode area and a number from Ofcom's ranges kept free for drama. */
export interface Place {
  town: string;
  region: string;
  postcodeArea: string;
  /** Telephone number up to its last three digits. */
  phone: string;
}

/** Ofcom's range without geography, used where a town has no drama range of its own. */
const ANYWHERE = '01632 960';

const PLACE_LINES = `
Aberystwyth|Ceredigion|SY23|${ANYWHERE}
Alnwick|Northumberland|NE66|${ANYWHERE}
Ambleside|Cumbria|LA22|${ANYWHERE}
Bakewell|Derbyshire|DE45|${ANYWHERE}
Bath|Somerset|BA1|${ANYWHERE}
Belfast|Antrim|BT1|028 9649 6
Berwick-upon-Tweed|Northumberland|TD15|${ANYWHERE}
Beverley|East Yorkshire|HU17|${ANYWHERE}
Birmingham|West Midlands|B3|0121 496 0
Blaenau Ffestiniog|Gwynedd|LL41|${ANYWHERE}
Bodmin|Cornwall|PL31|${ANYWHERE}
Bridport|Dorset|DT6|${ANYWHERE}
Bristol|Bristol|BS1|0117 496 0
Buxton|Derbyshire|SK17|${ANYWHERE}
Cambridge|Cambridgeshire|CB2|${ANYWHERE}
Cardiff|South Glamorgan|CF10|029 2018 0
Chesterfield|Derbyshire|S40|${ANYWHERE}
Cirencester|Gloucestershire|GL7|${ANYWHERE}
Colchester|Essex|CO1|${ANYWHERE}
Derby|Derbyshire|DE1|${ANYWHERE}
Dolgellau|Gwynedd|LL40|${ANYWHERE}
Dundee|Angus|DD1|${ANYWHERE}
Durham|County Durham|DH1|${ANYWHERE}
Edinburgh|Midlothian|EH2|0131 496 0
Ely|Cambridgeshire|CB7|${ANYWHERE}
Evesham|Worcestershire|WR11|${ANYWHERE}
Exeter|Devon|EX1|${ANYWHERE}
Falmouth|Cornwall|TR11|${ANYWHERE}
Frome|Somerset|BA11|${ANYWHERE}
Glasgow|Lanarkshire|G2|0141 496 0
Glossop|Derbyshire|SK13|${ANYWHERE}
Harrogate|North Yorkshire|HG1|${ANYWHERE}
Hereford|Herefordshire|HR1|${ANYWHERE}
Hexham|Northumberland|NE46|${ANYWHERE}
Ilkley|West Yorkshire|LS29|${ANYWHERE}
Inverness|Highland|IV1|${ANYWHERE}
Keswick|Cumbria|CA12|${ANYWHERE}
Kings Lynn|Norfolk|PE30|${ANYWHERE}
Lancaster|Lancashire|LA1|${ANYWHERE}
Leeds|West Yorkshire|LS1|0113 496 0
Leicester|Leicestershire|LE1|0116 496 0
Lewes|East Sussex|BN7|${ANYWHERE}
Lichfield|Staffordshire|WS13|${ANYWHERE}
Lincoln|Lincolnshire|LN1|${ANYWHERE}
Liverpool|Merseyside|L2|0151 496 0
London|Greater London|SE1|020 7946 0
Ludlow|Shropshire|SY8|${ANYWHERE}
Malton|North Yorkshire|YO17|${ANYWHERE}
Manchester|Greater Manchester|M4|0161 496 0
Matlock|Derbyshire|DE4|${ANYWHERE}
Newcastle upon Tyne|Tyne and Wear|NE1|0191 498 0
Northallerton|North Yorkshire|DL7|${ANYWHERE}
Norwich|Norfolk|NR2|${ANYWHERE}
Nottingham|Nottinghamshire|NG1|0115 496 0
Oban|Argyll|PA34|${ANYWHERE}
Oxford|Oxfordshire|OX1|${ANYWHERE}
Penrith|Cumbria|CA11|${ANYWHERE}
Perth|Perthshire|PH1|${ANYWHERE}
Plymouth|Devon|PL4|${ANYWHERE}
Reading|Berkshire|RG1|0118 496 0
Ripon|North Yorkshire|HG4|${ANYWHERE}
Salisbury|Wiltshire|SP1|${ANYWHERE}
Scarborough|North Yorkshire|YO11|${ANYWHERE}
Sheffield|South Yorkshire|S1|0114 496 0
Shrewsbury|Shropshire|SY1|${ANYWHERE}
Skipton|North Yorkshire|BD23|${ANYWHERE}
Stirling|Stirlingshire|FK8|${ANYWHERE}
Stroud|Gloucestershire|GL5|${ANYWHERE}
Swansea|West Glamorgan|SA1|${ANYWHERE}
Tewkesbury|Gloucestershire|GL20|${ANYWHERE}
Totnes|Devon|TQ9|${ANYWHERE}
Truro|Cornwall|TR1|${ANYWHERE}
Wells|Somerset|BA5|${ANYWHERE}
Whitby|North Yorkshire|YO21|${ANYWHERE}
Winchester|Hampshire|SO23|${ANYWHERE}
Worcester|Worcestershire|WR1|${ANYWHERE}
Wrexham|Clwyd|LL11|${ANYWHERE}
York|North Yorkshire|YO1|${ANYWHERE}`;

export const PLACES: Place[] = PLACE_LINES.trim()
  .split('\n')
  .map((line) => {
    const [town = '', region = '', postcodeArea = '', phone = ''] = line.split('|');
    return { town, region, postcodeArea, phone };
  });

export interface ForeignPlace {
  /** ISO 3166 alpha-2, as Sage writes it. */
  countryCode: string;
  /** Capsule's English name of the same country. */
  country: string;
  city: string;
  region: string;
  postcode: string;
  street: string;
  phone: string;
  currency: 'EUR' | 'USD' | 'GBP';
  /** Names of firms there, in their own writing. `#` is replaced to make more of them. */
  firms: string[];
}

export const FOREIGN_PLACES: ForeignPlace[] = [
  {
    countryCode: 'DE',
    country: 'Germany',
    city: 'München',
    region: 'Bayern',
    postcode: '80331',
    street: 'Kaufingerstraße',
    phone: '+49 89 5550 1',
    currency: 'EUR',
    firms: ['Müller # GmbH', 'Gebrüder Weiß # KG', 'Großhandel Jäger # AG'],
  },
  {
    countryCode: 'PL',
    country: 'Poland',
    city: 'Łódź',
    region: 'Łódzkie',
    postcode: '90-001',
    street: 'ulica Piotrkowska',
    phone: '+48 42 555 01',
    currency: 'EUR',
    firms: ['Zakłady # Łódź sp. z o.o.', 'Żółw i Spółka #', 'Księgarnia Źródło #'],
  },
  {
    countryCode: 'JP',
    country: 'Japan',
    city: '東京',
    region: '東京都',
    postcode: '100-0001',
    street: '千代田',
    phone: '+81 3 5550 1',
    currency: 'USD',
    firms: ['株式会社 さくら #', '山田商事 #', '富士精密工業 #'],
  },
  {
    countryCode: 'FR',
    country: 'France',
    city: 'Besançon',
    region: 'Doubs',
    postcode: '25000',
    street: 'rue de la République',
    phone: '+33 3 55 50 1',
    currency: 'EUR',
    firms: ['Société Générée # SARL', 'Crémerie L’Écluse #', 'Établissements Noël #'],
  },
  {
    countryCode: 'IE',
    country: 'Ireland',
    city: 'Galway',
    region: 'Co. Galway',
    postcode: 'H91 AB12',
    street: 'Shop Street',
    phone: '+353 20 915 01',
    currency: 'EUR',
    firms: ['Ó Murchú # Teoranta', 'Siopa Éadaí #', 'Claddagh # Seafoods'],
  },
  {
    countryCode: 'US',
    country: 'United States',
    city: 'Portland',
    region: 'Oregon',
    postcode: '97201',
    street: 'Burnside Street',
    phone: '+1 503 555 01',
    currency: 'USD',
    firms: ['Cascade # Inc.', 'Pacific Rim # LLC', 'Rose City # Corp.'],
  },
];

export const WELSH_FIRMS = [
  'Siop Lyfrau # Cyf',
  'Cwmni Tŷ Gŵyr #',
  'Bragdy’r # Cyf',
  'Llaeth Llŷn #',
  'Gwesty’r Ŵyl #',
  'Adeiladwyr Môn #',
];
