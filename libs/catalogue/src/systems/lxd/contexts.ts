import { IsArray, IsObject, IsOptional, IsString } from 'class-validator';
import type { PayloadClass } from '../../definition.js';

/** What an action says about itself beyond its source. Every key is optional: older servers leave some out. */
export interface ContextKind<Context extends object> {
  readonly payload: PayloadClass<Context>;
  readonly example: Context;
  /** The context in a few words, to follow "Instance web-1 was renamed". */
  detail(context: Context): string | undefined;
}

export class RenamedContext {
  @IsOptional()
  @IsString()
  old_name?: string;
}

/** Another name for where the thing comes from or goes to: an image, a server, a cluster member. */
export class TargetContext {
  @IsOptional()
  @IsString()
  target?: string;
}

export class TypeContext {
  @IsOptional()
  @IsString()
  type?: string;
}

export class CommandContext {
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  command?: string[];
}

export class FileContext {
  @IsOptional()
  @IsString()
  file?: string;
}

export class FileRetrievedContext {
  @IsOptional()
  @IsString()
  'file-source'?: string;

  @IsOptional()
  @IsString()
  'file-destination'?: string;
}

export class FilePushedContext extends FileRetrievedContext {
  @IsOptional()
  @IsObject()
  info?: object;
}

export class PathContext {
  @IsOptional()
  @IsString()
  path?: string;
}

export class SnapshotContext {
  @IsOptional()
  @IsString()
  snapshot?: string;
}

export const renamed: ContextKind<RenamedContext> = {
  payload: RenamedContext,
  example: { old_name: 'former' },
  detail: (context) => word('from', context.old_name),
};

export function target(example: string): ContextKind<TargetContext> {
  return {
    payload: TargetContext,
    example: { target: example },
    detail: (context) => word('with target', context.target),
  };
}

export function type(example: string): ContextKind<TypeContext> {
  return { payload: TypeContext, example: { type: example }, detail: (context) => word('with type', context.type) };
}

export const command: ContextKind<CommandContext> = {
  payload: CommandContext,
  example: { command: ['apt-get', 'upgrade', '-y'] },
  detail: ({ command: words }) => (Array.isArray(words) ? `(${words.join(' ')})` : undefined),
};

export const file: ContextKind<FileContext> = {
  payload: FileContext,
  example: { file: '/etc/nginx/site.conf' },
  detail: (context) => word('at', context.file),
};

export const fileRetrieved: ContextKind<FileRetrievedContext> = {
  payload: FileRetrievedContext,
  example: { 'file-source': '/var/log/syslog', 'file-destination': '/tmp/syslog' },
  detail: (context) => word('at', context['file-source']),
};

export const filePushed: ContextKind<FilePushedContext> = {
  payload: FilePushedContext,
  example: {
    'file-source': '/tmp/site.conf',
    'file-destination': '/etc/nginx/site.conf',
    info: { mode: '0644', uid: 0, gid: 0 },
  },
  detail: (context) => word('to', context['file-destination']),
};

export const path: ContextKind<PathContext> = {
  payload: PathContext,
  example: { path: 'hosts.tpl' },
  detail: (context) => word('at', context.path),
};

export const snapshot: ContextKind<SnapshotContext> = {
  payload: SnapshotContext,
  example: { snapshot: 'before-upgrade' },
  detail: (context) => word('from snapshot', context.snapshot),
};

// The payload may not conform, so a value may be anything.
function word(preposition: string, value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? `${preposition} ${value}` : undefined;
}
