import { askAhead, FIRST_ROWS, nearestAddress, townsAddress, type Town } from '../api';
import { readAddress, townAsked } from '../place/address';

/**
 * A link that names a town: the town and its list are asked for while most of the page's code is still on its way. Who comes back to a search that was narrowed asks for
 * something else, and nothing is asked ahead.
 */
export async function askForLink(): Promise<void> {
  const asked = readAddress(location.search);
  if (asked.town === null || history.state !== null) return;
  const { items } = (await (await askAhead(townsAddress(asked.town))).json()) as { readonly items: readonly Town[] };
  const town = townAsked(asked, items);
  if (town !== undefined)
    await askAhead(nearestAddress({ lat: town.lat, lon: town.lon, k: FIRST_ROWS, status: asked.shown, products: [], equivalents: false, services: [], at: null }));
}
