/** The instance whose sources, topics and deliveries are shown: the one that is there from the start. */
export const INSTANCE = 'default';
