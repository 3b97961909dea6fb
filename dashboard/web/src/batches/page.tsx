import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { asking } from "../client/client.ts";
import { Answered } from "../fault/answered.tsx";
import { useTitle } from "../frame/title.ts";
import { moveFocus, useKeys } from "../keyboard/keys.ts";
import { counted } from "../money/format.ts";
import { useTopic } from "../stream/live.ts";
import { Pages } from "../url/pages.tsx";
import { SearchBox } from "../url/search-box.tsx";
import { NoBatches, NoneLeft } from "./empty.tsx";
import { BatchFacets } from "./facets.tsx";
import { refined } from "./search.ts";
import { BatchTable } from "./table.tsx";

const route = getRouteApi("/");

/** All batches that the viewer may see. */
export function BatchesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  useTitle("Batches");
  useTopic(search.namespace === undefined ? "batches" : `batches:${search.namespace}`);
  useKeys({ j: () => moveFocus("[data-row]", 1), k: () => moveFocus("[data-row]", -1) });
  const query = useQuery({ ...asking("batches", { params: {}, query: search }), placeholderData: keepPreviousData });
  return (
    <>
      <h1>Batches</h1>
      <SearchBox
        label="Search batches"
        hint="Name, namespace, prompt, label or repository"
        value={search.q}
        onChange={(q) => void navigate({ search: refined(search, { q }), replace: true })}
      />
      <Answered query={query} what="batches">
        {(list) =>
          list.visible === 0 ? (
            <NoBatches />
          ) : (
            <div className="cb-with-facets">
              <BatchFacets search={search} facets={list.facets} />
              <section aria-label="List" className="cb-list">
                <p role="status" className="cb-dim">
                  {counted(list.total, "batch", "batches")}
                  {list.total === list.visible ? "" : ` of ${list.visible.toLocaleString("en-US")}`}
                </p>
                {list.items.length === 0 ? <NoneLeft /> : <BatchTable rows={list.items} search={search} />}
                <Pages
                  first={search.cursor === undefined ? undefined : { to: "/", search: refined(search, {}) }}
                  next={list.next === undefined ? undefined : { to: "/", search: refined(search, { cursor: list.next }) }}
                />
              </section>
            </div>
          )
        }
      </Answered>
    </>
  );
}
