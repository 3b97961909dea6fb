import { Link, Outlet } from "@tanstack/react-router";
import { LoginPage } from "../login/page.tsx";
import { useSessionEnd } from "../session/session.ts";
import { LiveMark } from "../stream/mark.tsx";
import { Help } from "./help.tsx";
import { DemoNote } from "./demo-note.tsx";
import { Palette } from "./palette.tsx";
import { Settings } from "./settings.tsx";
import { Viewer } from "./viewer.tsx";

const pages = [
  { to: "/", name: "Batches" },
  { to: "/failures", name: "Failures" },
  { to: "/usage", name: "Usage" },
  { to: "/compose", name: "Compose" },
] as const;

/** What stands around every page. */
export function Shell() {
  const ended = useSessionEnd();
  return (
    <>
      <a className="cb-skip" href="#main">
        Skip to the page
      </a>
      <header className="cb-header">
        <Link to="/" className="cb-brand">
          Cody Batch
        </Link>
        {ended === undefined && <Navigation />}
        <span className="cb-grow" />
        {ended === undefined && (
          <>
            <LiveMark />
            <Palette />
          </>
        )}
        <Settings />
        <Help />
        {ended === undefined && <Viewer />}
      </header>
      <main id="main" tabIndex={-1} className="cb-main">
        {ended === undefined ? (
          <>
            <DemoNote />
            <Outlet />
          </>
        ) : (
          <LoginPage reason={ended} />
        )}
      </main>
    </>
  );
}

function Navigation() {
  return (
    <nav aria-label="Pages" className="cb-nav">
      {pages.map(({ to, name }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === "/", includeSearch: false }} activeProps={{ "aria-current": "page" }}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
