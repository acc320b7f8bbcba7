/** What cannot be done, with the exit code that tells a script, and words that tell a person what to do. */
export const REFUSED_COMMANDS: readonly (readonly [
  what: string,
  words: readonly string[],
  code: number,
  said: string,
])[] = [
  ['an option that there is not', ['events', '--sistem', 'lxd'], 2, 'Did you mean --system?'],
  ['a command that there is not', ['evnts'], 2, 'Did you mean events?'],
  ['a command of a group that there is not', ['events', 'cuont'], 2, 'There are: list, count, show, related'],
  ['a value that the server refuses', ['events', '--system', 'nosuch'], 2, 'must be one of waldur, lxd'],
  ['a time that is none', ['events', '--since', 'yesterday'], 2, 'Write 2h (ago)'],
  ['a type and --native together', ['publish', 'x', '--native', 'lxd', '--data', '{}'], 2, 'leave the type out'],
  ['an event that there is not', ['events', 'show', '8065f48ea64784c0bad97d3ff693d03f'], 4, 'Not found'],
  [
    'a type that nobody declared',
    ['publish', 'ProjectCreate', '--data', '{}'],
    4,
    'Did you mean com.ovh.cds.ProjectCreated',
  ],
  ['a payload that does not fit', ['publish', 'ProjectCreated', '--data', '{}'], 1, 'data.project_key: is required'],
  ['a token that nobody knows', ['events', '--token', 'nobodys'], 3, 'The token is from --token'],
  ['a server that is not there', ['events', '--url', 'http://127.0.0.1:9'], 5, 'tidings up'],
  ['a server that is not there, to follow', ['tail', '--url', 'http://127.0.0.1:9'], 5, 'tidings up'],
  ['a URL that is none', ['events', '--url', 'nowhere'], 2, 'http://host:port'],
];
