import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { asking } from "../client/client.ts";
import { Commands } from "../command/line.tsx";
import { Answered } from "../fault/answered.tsx";
import { useTitle } from "../frame/title.ts";
import { usePartsAhead } from "../repository/parts-ahead.ts";
import { useTopic } from "../stream/live.ts";
import { Charts } from "./charts.tsx";
import { ConditionsAndEvents } from "./conditions.tsx";
import { Discovery } from "./discovery.tsx";
import { ExportLinks } from "./export-links.tsx";
import { BatchHead } from "./head.tsx";
import { Repositories } from "./repositories.tsx";
import { Spec } from "./spec.tsx";
import { Views } from "./views.tsx";

const repositoryAhead = ["page", "diff"] as const;
const route = getRouteApi("/batches/$namespace/$name");

/** One batch: how it stands, its repositories, what it used. */
export function BatchPage() {
  const params = route.useParams();
  const { view = "repositories" } = route.useSearch();
  useTitle(`${params.namespace}/${params.name}`);
  useTopic(`batch:${params.namespace}/${params.name}`);
  usePartsAhead(repositoryAhead);
  const query = useQuery(asking("batch", { params }));
  return (
    <Answered query={query} what="the batch">
      {(detail) => (
        <>
          <BatchHead detail={detail} />
          <Discovery discovery={detail.discovery} />
          <Commands commands={detail.commands} />
          <div className="cb-row cb-between cb-tab-row">
            <Views />
            <ExportLinks params={params} />
          </div>
          {view === "repositories" && <Repositories canSeeCost={detail.rights.cost} />}
          {view === "charts" && <Charts canSeeCost={detail.rights.cost} />}
          {view === "spec" && <Spec detail={detail} />}
          {view === "conditions" && <ConditionsAndEvents detail={detail} />}
        </>
      )}
    </Answered>
  );
}
