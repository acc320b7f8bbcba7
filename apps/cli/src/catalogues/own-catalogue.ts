/** Stands, on the command line, for the catalogue that comes with this version. */
export const OWN_CATALOGUE = 'tidings';
