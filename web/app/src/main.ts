import { askForLink } from './nearest/ahead';

// Whatever comes of it, the page asks again itself and says what is wrong.
askForLink().catch(() => undefined);
void import('./start');
