/** Departments of a big store, short ones as they are in real exports. */
const DEPARTMENTS = (
  'Sports,Toys,Garden,Books,Music,Grocery,Bakery,Dairy,Produce,Seafood,Deli,Frozen,Snacks,Beverages,Wine & Beer,' +
  'Pharmacy,Beauty,Fragrance,Jewelry,Watches,Handbags,Shoes,Menswear,Womenswear,Kidswear,Baby,Lingerie,Hosiery,' +
  'Outerwear,Swimwear,Luggage,Bedding,Bath,Kitchen,Tableware,Cookware,Small Appliances,Appliances,Furniture,Lighting,' +
  'Rugs,Décor,Hardware,Paint,Plumbing,Electrical,Lumber,Tools,Automotive,Tires,Electronics,Computers,Phones,Cameras,' +
  'Audio,TV & Video,Gaming,Software,Office,Stationery,Crafts,Fabrics,Sewing,Party,Seasonal,Gifts,Cards,Magazines,Pets,' +
  'Aquatics,Florist,Café,Crêperie,Optical,Hearing,Health,Vitamins,Fitness,Cycling,Camping,Fishing,Hunting,Golf,Tennis,' +
  'Skiing,Team Sports,Footwear,Denim,Accessories,Hats,Maßanzüge,Tickets,Travel,Photo,Printing,Repairs,Rentals,Outlet,' +
  '文具,おもちゃ'
).split(',');

/** Branches, for when there are more departments than one store has. */
const BRANCHES = (
  'Berlin,London,Paris,Madrid,Rome,Vienna,Prague,Dublin,Oslo,Lisbon,Athens,Boston,Chicago,Dallas,Denver,Houston,' +
  'Miami,Phoenix,Seattle,Toronto,Montréal,München,Köln,Düsseldorf,Zürich,Genève,Kraków,Łódź,Malmö,Århus,São Paulo,' +
  'Bogotá,Córdoba,İzmir,Αθήνα,Київ,Тбилиси,東京,大阪,서울'
).split(',');

/**
 * The name of department `index`, different for every index: first the departments of one store, then those of its
 * branches, then those of a branch's further stores.
 */
export function departmentName(index: number): string {
  const department = DEPARTMENTS[index % DEPARTMENTS.length]!;
  const store = Math.floor(index / DEPARTMENTS.length);
  if (store === 0) return department;
  const branch = BRANCHES[(store - 1) % BRANCHES.length]!;
  const number = Math.floor((store - 1) / BRANCHES.length) + 1;
  return number === 1 ? `${department} ${branch}` : `${department} ${branch} ${number}`;
}

/** A name that has to be quoted: with a delimiter, a quote, a line break, or all of them. */
export function awkwardDepartmentName(index: number): string {
  const name = departmentName(index);
  switch (index % 4) {
    case 0:
      return `${name}, clearance`;
    case 1:
      return `${name} "Pro"`;
    case 2:
      return `${name}\nannex`;
    default:
      return `${name}, "old",\r\n2nd floor`;
  }
}
