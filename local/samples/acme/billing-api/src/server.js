import Fastify from "fastify";
import { exchangeRate } from "./exchange-rates.js";
import { totalOf } from "./invoice.js";

const app = Fastify({ logger: true });

app.post("/invoices/total", async (request) => {
  const { lines, currency } = request.body;
  const rate = currency === "EUR" ? 1 : await exchangeRate("EUR", currency);
  return { currency, total: totalOf(lines, rate) };
});

app.get("/healthz", async () => ({ status: "ok" }));

await app.listen({ host: "0.0.0.0", port: Number(process.env.PORT ?? 8080) });
