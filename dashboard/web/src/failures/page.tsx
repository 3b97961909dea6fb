import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { asking } from "../client/client.ts";
import { Answered } from "../fault/answered.tsx";
import { useTitle } from "../frame/title.ts";
import { useTopic } from "../stream/live.ts";
import { counted } from "../money/format.ts";
import { Pages } from "../url/pages.tsx";
import { visible } from "../text/visible.ts";
import { FailureGroups } from "./groups.tsx";
import { FailureTable } from "./table.tsx";

const route = getRouteApi("/failures");

/** Failed repositories of all batches, by reason, with what to do. */
export function FailuresPage() {
  const search = route.useSearch();
  useTopic("batches");
  useTitle("Failures");
  const query = useQuery({
    ...asking("failures", { params: {}, query: search }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <h1>Failures</h1>
      {search.namespace !== undefined && (
        <p>
          In the namespace {visible(search.namespace)}.{" "}
          <Link to="/failures" search={{ reason: search.reason }}>
            Show all namespaces
          </Link>
        </p>
      )}
      <Answered query={query} what="failures">
        {({ total, groups, items, next }) =>
          total === 0 ? (
            <section className="cb-panel">
              <h2>Nothing has failed</h2>
              <p>
                No repository of any batch that you may see is failed now. <Link to="/">All batches</Link>
              </p>
            </section>
          ) : (
            <div className="cb-stack">
              <p role="status" className="cb-dim">
                {counted(total, "failed repository", "failed repositories")}, {counted(groups.length, "reason")}
              </p>
              <FailureGroups groups={groups} search={search} />
              <FailureTable rows={items} />
              <Pages
                first={search.cursor === undefined ? undefined : { to: "/failures", search: { ...search, cursor: undefined } }}
                next={next === undefined ? undefined : { to: "/failures", search: { ...search, cursor: next } }}
              />
            </div>
          )
        }
      </Answered>
    </>
  );
}
