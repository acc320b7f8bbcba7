/** Who acts in the examples. */
export const ACTOR = { user_id: 'c15fd02a-4aaf-4f99-a47a-41ebaa03ddeb', username: 'bruno' } as const;

/** And in which project. */
export const PROJECT = { project_key: 'GENOME', ...ACTOR } as const;
