import type { ServiceState, Shortage, StockLevel } from '../api';
import type { Moment, WallTime } from '../time/instant';
import type { Words } from './fr';

const S = '\u00a0';

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const;

export function clock({ hour, minute }: WallTime): string {
  const half = hour < 12 ? 'am' : 'pm';
  const minutes = minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}${minutes}${S}${half}`;
}

function bareClock(wall: WallTime): string {
  return wall.hour === 0 && wall.minute === 0 ? 'midnight' : clock(wall);
}

function when({ wall, day }: Moment, preposition: string): string {
  switch (day) {
    case 'implied':
      return `${preposition} ${bareClock(wall)}`;
    case 'tomorrow':
      return `${preposition} ${clock(wall)} tomorrow`;
    case 'weekday':
      return `${preposition} ${clock(wall)} on ${WEEKDAYS[wall.weekday]}`;
    case 'date':
      return `${preposition} ${clock(wall)} on ${wall.day} ${MONTHS[wall.month - 1]}`;
  }
}

const at = (m: Moment) => when(m, 'at');
const until = (m: Moment) => when(m, 'until');

function age(seconds: number): string {
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds}${S}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${S}min ago`;
  return `${Math.floor(seconds / 3600)}${S}h ago`;
}

function inMinutes(minutes: number): string {
  return minutes <= 1 ? 'in less than a minute' : `in ${minutes}${S}min`;
}

function day(iso: string): string {
  const [year, month, dayOfMonth] = iso.split('-').map(Number);
  return `${dayOfMonth} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

function shortage({ kind, since, back }: Shortage): string {
  const from = since === null ? '' : ` since ${day(since)}`;
  const until = back === null ? '' : `; expected back on ${day(back)}`;
  switch (kind) {
    case 'outOfStock':
      return `Reported out of stock in France${from}${until}. Few pharmacies have any.`;
    case 'tension':
      return `Hard to get in France${from}${until}. Not every pharmacy has it.`;
    case 'stopped':
      return `No longer supplied by its maker${from}. Ask the pharmacist what replaces it.`;
    case 'availableAgain':
      return `Available again in France${back === null ? '' : ` since ${day(back)}`}, after a shortage.`;
  }
}

const LEVELS: Readonly<Record<StockLevel, string>> = { inStock: 'in stock', low: 'only 1 or 2 left', outOfStock: 'out of stock', unknown: 'stock unknown' };

const STATES: Readonly<Record<ServiceState, string>> = { open: 'Open', onCall: 'On call', closed: 'Closed', unknown: 'Hours not confirmed' };

export const en: Words = {
  title: 'A pharmacy open now',
  lead: 'The nearest ones, open or on call, live.',
  otherLanguage: 'Français',
  skip: 'Skip to the list',

  usePosition: 'Use my location',
  locating: 'Finding your location…',
  positionPrivate: 'Your location serves this search only: it is neither kept nor put in the address of the page.',
  positionRefused: 'Location is not allowed on this device. Type a town instead.',
  positionMissing: 'Your location cannot be found. Type a town instead.',
  or: 'or',
  town: 'Town or postcode',
  townExample: 'Nantes, 97300…',
  townsFound: (n) => (n === 0 ? 'No town found' : n === 1 ? '1 town found' : `${n} towns found`),
  noTown: (text) => (/^[\d ]+$/.test(text) ? `No town found at postcode ${text}. Type the town’s name instead.` : `No town matches “${text}”.`),
  clear: 'Clear',
  aroundMe: 'around you',
  aroundTown: (town) => `around ${town}`,

  showLabel: 'Pharmacies to show',
  showServing: 'Open and on call',
  showAny: 'All',
  list: 'Pharmacies, nearest first',
  nearestFirst: 'Nearest first',
  asTheCrowFlies: 'as the crow flies',
  more: 'Look further away',
  loading: 'Looking for pharmacies…',
  noneServing: 'No pharmacy is known to be open or on call here right now.',
  noneServingHelp: 'Call 3237 or the police (17): they know which pharmacy is on call.',
  noneAny: 'No pharmacy is known here.',
  showAllInstead: 'Show closed ones too',
  noneThen: 'No pharmacy is expected to be open or on call here at that time.',
  noneWithProducts: 'No open pharmacy says it has what you are looking for in stock.',
  noneWithProductsHelp: 'Not every pharmacy tells its stock: call the nearest one.',
  noneWithServices: 'No open pharmacy is known for this service.',
  found: (n) => (n === 1 ? '1 pharmacy found' : `${n} pharmacies found`),

  refine: 'Refine the search',
  product: 'Medicine',
  productLabel: 'Medicine to find in stock',
  productExample: 'Doliprane, ibuprofen…',
  productsFound: (n) => (n === 1 ? '1 medicine found' : `${n} medicines found`),
  noProduct: (text) => `No medicine matches “${text}”.`,
  productPrivate: 'The service keeps nothing of what you look for, and the address of the page says nothing of it.',
  productNotThen: 'Stock is known for now only: at another time the medicines you chose do not count.',
  levels: LEVELS,
  equivalent: 'equivalent',
  anEquivalent: 'An equivalent',
  acceptEquivalents: 'Accept an equivalent',
  equivalentsMeaning: 'same generic group; the pharmacist confirms',
  noneNear: (name) => `No pharmacy nearby says it has ${name} in stock.`,
  noneNearHasAll: 'No pharmacy nearby says it has all of that in stock.',
  noEquivalent: 'No equivalent is known: ask a pharmacist for advice.',
  equivalentsExist: (n) => (n === 1 ? 'There is an equivalent:' : `There are ${n} equivalents:`),
  sale: {
    prescription: 'On prescription: show it at the pharmacy, it cannot be reserved online.',
    unknownMass: 'Cannot be reserved online: ask for it at the counter.',
    notMarketed: 'No longer sold in France. Ask the pharmacist what replaces it.',
  },
  saleShort: { prescription: 'on prescription', unknownMass: 'at the counter only', notMarketed: 'no longer sold' },
  shortage,
  shortageShort: { outOfStock: 'shortage', tension: 'hard to get', stopped: 'discontinued', availableAgain: 'available again' },
  shortageMore: 'More on ansm.sante.fr (in French)',
  service: 'Service',
  serviceLabel: 'Services needed',
  otherTime: 'Another time',
  otherTimeLabel: 'Open on which day, at what time?',
  otherTimeThere: 'local time',
  otherTimeShow: 'Show that time',
  chosen: 'Search refined by',
  remove: (what) => `Remove ${what}`,
  moment: (wall) => `${clock(wall)} on ${WEEKDAYS[wall.weekday]} ${wall.day} ${MONTHS[wall.month - 1]}`,
  asForeseen: (wall) => `As expected at ${clock(wall)} on ${WEEKDAYS[wall.weekday]} ${wall.day} ${MONTHS[wall.month - 1]}, from the hours known today`,
  foreseenIsPast: 'This time has passed: search for now, or choose another one.',

  nobodyAnswers: 'Nobody answers?',
  nextIs: (name, distance) => `Next: ${name}, ${distance} away.`,
  lastResort: 'None of them answers?',
  lastResortHelp: 'Ask which pharmacy is on call: 3237 (charged) or, at night, the police on 17.',
  lastResortEmergency: 'If it gets worse or a life is in danger, do not wait: 15 or 112.',
  asMap: 'Map',
  asList: 'List',
  mapLoading: 'Loading the map…',
  mapFailed: 'The map could not be loaded. The list says the same.',
  reserve: 'Reserve, pay at the pharmacy',
  reserveName: (name) => `Reserve, pay at the pharmacy: ${name}`,

  state: STATES,
  foreseen: { open: 'Expected open', onCall: 'Expected on call', closed: 'Expected closed', unknown: 'Hours not confirmed' },
  closesAt: (m) => `closes ${at(m)}`,
  dayAndNight: 'day and night',
  opens: (m) => `opens ${at(m)}`,
  opensIn: (minutes, m) => `opens ${inMinutes(minutes)}, ${at(m)}`,
  until,
  inMinutes,
  wasToClose: (m) => `was to close ${at(m)}`,
  wasToOpen: (m) => `was to open ${at(m)}`,
  dutyWasToEnd: (m) => `duty was to end ${at(m)}`,
  toConfirm: 'phone before you go',
  holidayToConfirm: 'public holiday, hours to be confirmed',
  unknowns: {
    'vacances scolaires, horaires à confirmer': 'school holidays, hours to be confirmed',
    'horaires à confirmer': 'hours to be confirmed',
    'heure de fermeture non précisée': 'closing time not stated',
    'horaires non confirmés depuis longtemps': 'hours not confirmed for a long time',
    'horaires non communiqués': 'hours not given',
  },
  duties: {
    'garde de nuit': 'night duty',
    'garde du dimanche ou jour férié': 'Sunday or holiday duty',
    'garde de jour': 'daytime duty',
  },
  justClosed: 'Just closed',
  noLongerServes: 'No longer serving',
  noLongerMatches: 'No longer has what you look for, or no longer serves',
  announceGone: (name) => `${name} is no longer on the list.`,
  announceLeft: (name) => `${name} has just closed.`,
  announceChanged: (name, state) => `${name}: ${STATES[state].toLowerCase()}.`,
  bell: 'Shutter down: ring the bell',
  phoneFirst: 'Phone before you come',
  bring: 'Bring your prescription and your carte Vitale.',
  localTime: (wall) => `It is ${clock(wall)} there; local times`,
  localHours: 'Local times',
  demo: 'demo',
  demoMeaning: 'Fictitious pharmacy, for demonstration',

  call: 'Call',
  callName: (name) => `Call ${name}`,
  noPhone: 'No known phone',
  route: 'Directions',
  routeName: (name) => `Directions to ${name}`,
  distance: (metres) =>
    metres < 995 ? `${Math.max(10, Math.round(metres / 10) * 10)}${S}m` : `${(metres / 1000).toFixed(metres < 9_950 ? 1 : 0)}${S}km`,

  live: 'Live',
  upToDate: (seconds) => `updated ${age(seconds)}`,
  lastAnswer: (seconds) => `last answer ${age(seconds)}`,
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
  offlineHelp: 'What follows is the last answer received.',
  offlinePhone: 'Phone before you go to a pharmacy that is not said to be closed.',
  offlineEmpty: 'You are offline. The search resumes as soon as the network is back.',

  failed: 'The list could not be loaded.',
  failedNetwork: 'The service does not answer. Check your connection.',
  failedBusy: (seconds) => (seconds === null ? 'Too many requests. Try again in a moment.' : `Too many requests. Try again in ${seconds}${S}s.`),
  failedServer: 'The service is unavailable for the moment.',
  retry: 'Try again',

  hiddenDuty: 'At night, duty is not published here. Ask by phone:',
  emergency: 'Life in danger',
  emergencyCall: 'Call',
  emergencySms: 'by text',
  emergencySmsFor: 'for deaf or hard-of-hearing people',
};
