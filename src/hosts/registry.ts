/** Every kind of host: a line names its id and module. */
import type { HostKind } from '../model/world';
import { appServer } from './app-server';
import { browser } from './browser';
import { nameServer } from './name-server';
import { recursiveResolver } from './recursive-resolver';
import { webServer } from './web-server';

export const HOST_KINDS: readonly HostKind[] = [browser, recursiveResolver, nameServer, webServer, appServer];
/** The kind with this id; undefined when there is none. */
export const hostKind = (id: string): HostKind | undefined => HOST_KINDS.find((k) => k.id === id);
