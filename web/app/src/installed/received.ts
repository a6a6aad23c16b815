/** On an answer that was kept: when it was received, in ms of this phone's clock. */
export const RECEIVED = 'x-received-at';
