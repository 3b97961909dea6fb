import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { newQueryClient } from "../client/cache.ts";
import { endSession } from "../session/session.ts";
import { LiveContext, startLive } from "../stream/live.ts";
import { router } from "./router.tsx";
import { styleNonce, theme } from "./theme.ts";

const queries = newQueryClient(({ fault }) => endSession(fault.reason ?? "NoToken"));
const live = startLive(queries);

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queries}>
        <LiveContext value={live}>
          <RouterProvider router={router} />
        </LiveContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
