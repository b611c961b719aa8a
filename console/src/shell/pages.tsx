import AppLayout from "@cloudscape-design/components/app-layout";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { Route, Switch, useLocation } from "wouter";
import { failureText } from "../api/failure-text.ts";
import { useConfig } from "../config-context.tsx";
import type { ConsoleConfig } from "../config.ts";
import { mayAdminister } from "../permissions.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSession } from "../../../client/react/index.ts";
import type { SessionState } from "../../../client/session-keeper.ts";
import { SignedOutNotice } from "../session/signed-out-notice.tsx";
import { userOf } from "../users/user-path.ts";
import { ConnectionNotice } from "./connection-notice.tsx";
import { Header } from "./header.tsx";
import { Loading } from "./loading.tsx";
import { Navigation, NavigationBar } from "./navigation.tsx";
import { NoticesProvider, useNotify } from "./notices.tsx";
import { PageBoundary } from "./page-boundary.tsx";
import { SidePanelProvider, type PanelProps } from "./side-panel.tsx";
import { useMedia, WIDE } from "./use-media.ts";

const MyDevices = lazy(() => import("../pages/my-devices.tsx"));
const Users = lazy(() => import("../pages/users.tsx"));
const UserDetail = lazy(() => import("../pages/user-detail.tsx"));
const Overview = lazy(() => import("../pages/overview.tsx"));
const Sharing = lazy(() => import("../pages/sharing.tsx"));
const Activity = lazy(() => import("../pages/activity.tsx"));
const Jobs = lazy(() => import("../pages/jobs.tsx"));
const JobPage = lazy(() => import("../pages/job.tsx"));
const NotFound = lazy(() => import("../pages/not-found.tsx"));
const NoPermission = lazy(() => import("../pages/no-permission.tsx"));

/** The pages that are there where activity is kept. */
const ACTIVITY_PAGES = { "/overview": Overview, "/sharing": Sharing, "/activity": Activity } as const;

interface PagesProps {
  readonly signedIn: Extract<SessionState, { status: "signed-in" }>;
  readonly identity: ConsoleConfig["identity"];
}

/** All that somebody signed in sees. Anew for each user: nothing of one is left on the other's screen. */
export default function Pages(props: PagesProps): ReactNode {
  return (
    <NoticesProvider key={props.signedIn.user.id}>
      {(notices) => (
        <SidePanelProvider>
          {(panel) => <Frame {...props} notices={notices} panel={panel} />}
        </SidePanelProvider>
      )}
    </NoticesProvider>
  );
}

interface FrameProps extends PagesProps {
  readonly notices: ReactNode;
  readonly panel: PanelProps;
}

function Frame({ signedIn, identity, notices, panel }: FrameProps): ReactNode {
  const texts = useTexts();
  const session = useSession();
  const notify = useNotify();
  const isWide = useMedia(WIDE);
  const [path] = useLocation();
  const [isNavigationOpen, setNavigationOpen] = useState(true);
  const { user, ended } = signedIn;
  const { activity, jobs } = useConfig();

  async function logOut(): Promise<void> {
    const answer = await session.logOut();
    if (answer.outcome !== "ok") notify({ type: "error", text: failureText(answer, texts) });
  }

  return (
    <>
      <Header onLogOut={() => void logOut()} />
      <AppLayout
        headerSelector="#header"
        toolsHide
        navigationHide={!mayAdminister(user) || !isWide}
        navigation={<Navigation />}
        navigationOpen={isNavigationOpen}
        onNavigationChange={({ detail }) => {
          // The frame closes it where there is no room; where there is again, it is as people left it.
          if (matchMedia(WIDE).matches) setNavigationOpen(detail.open);
        }}
        navigationWidth={240}
        notifications={notices}
        {...panel}
        content={
          <SpaceBetween size="l">
            {mayAdminister(user) && !isWide && <NavigationBar />}
            {ended === undefined && <ConnectionNotice />}
            {ended !== undefined && <SignedOutNotice ended={ended} />}
            <PageBoundary key={path}>
              <Suspense fallback={<Loading />}>
                <Switch>
                  <Route path="/">
                    <MyDevices identity={identity} onLogOut={() => void logOut()} />
                  </Route>
                  <Route path="/users">{mayAdminister(user) ? <Users /> : <NoPermission />}</Route>
                  <Route path="/users/:userId">
                    {({ userId }) =>
                      mayAdminister(user) ? (
                        <UserDetail key={userId} userId={userOf(userId)} />
                      ) : (
                        <NoPermission />
                      )
                    }
                  </Route>
                  {activity &&
                    Object.entries(ACTIVITY_PAGES).map(([path, Page]) => (
                      <Route key={path} path={path}>
                        {mayAdminister(user) ? <Page /> : <NoPermission />}
                      </Route>
                    ))}
                  {jobs && <Route path="/jobs">{mayAdminister(user) ? <Jobs /> : <NoPermission />}</Route>}
                  {jobs && (
                    <Route path="/jobs/:jobId">
                      {({ jobId }) =>
                        mayAdminister(user) ? <JobPage key={jobId} jobId={jobId} /> : <NoPermission />
                      }
                    </Route>
                  )}
                  <Route>
                    <NotFound />
                  </Route>
                </Switch>
              </Suspense>
            </PageBoundary>
          </SpaceBetween>
        }
      />
    </>
  );
}
