import { Anchor } from '@mantine/core';
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
  Navigate,
  type ErrorComponentProps,
} from '@tanstack/react-router';
import { useSessionState } from '../api/use-session.js';
import { en } from '../messages/en.js';
import { CopiedCommand } from '../parts/copied-command.js';
import { NothingHere } from '../parts/nothing-here.js';
import { ProblemView } from '../parts/problem-view.js';
import { readEventTab } from '../screens/event/event-tabs.js';
import { readEventSearch } from '../screens/events/event-search.js';
import { readSourceSearch } from '../screens/sources/source-search.js';
import { openDestinations } from './navigation.js';
import { parseSearch, stringifySearch } from './search-parameters.js';
import { Shell } from './shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: UnknownScreen });

const first = createRoute({ getParentRoute: () => root, path: '/', component: FirstScreen });

const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  validateSearch: readSourceSearch,
  component: lazyRouteComponent(() => import('../screens/sources/sources-screen.js'), 'SourcesScreen'),
});

const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  validateSearch: readEventSearch,
  component: lazyRouteComponent(() => import('../screens/events/events-screen.js'), 'EventsScreen'),
});

const event = createRoute({
  getParentRoute: () => root,
  path: '/events/$id',
  validateSearch: readEventTab,
  component: lazyRouteComponent(() => import('../screens/event/event-screen.js'), 'EventScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([first, events, event, sources]),
  basepath: new URL(document.baseURI).pathname.replace(/\/$/, ''),
  defaultPreload: 'intent',
  defaultErrorComponent: BrokenScreen,
  parseSearch,
  stringifySearch,
});

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router;
  }
}

/** Leads to the first screen that is there for whoever is signed in. */
function FirstScreen() {
  const [destination] = openDestinations(useSessionState().session?.me.permissions ?? []);
  if (destination !== undefined) return <Navigate to={destination.to} replace />;
  return (
    <NothingHere isScreen title={en.noAccess.title} text={en.noAccess.text}>
      <CopiedCommand command={en.noAccess.command} />
    </NothingHere>
  );
}

function UnknownScreen() {
  return (
    <NothingHere isScreen title={en.notFound.title} text="">
      <Anchor renderRoot={(props) => <Link to="/" {...props} />}>{en.notFound.back}</Anchor>
    </NothingHere>
  );
}

/** A newer build has other files: a part of the old one that is not loaded yet is gone then. */
function BrokenScreen({ error }: ErrorComponentProps) {
  const isGone = /dynamically imported module|module script/i.test(String(error));
  return (
    <ProblemView
      problem={isGone ? new Error(en.problem.reload) : error}
      onRetry={() => {
        location.reload();
      }}
    />
  );
}
