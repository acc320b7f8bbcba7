/** The channel on which whoever puts deliveries into the table says so, in the same transaction. */
export const DELIVERIES_CHANNEL = 'tidings_deliveries';
