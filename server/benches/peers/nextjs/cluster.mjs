// `next start` in as many processes as are asked for, behind one port: what its documentation leaves to a process manager.
import cluster from "node:cluster";
import { fileURLToPath } from "node:url";

const [port, processes] = process.argv.slice(2);
cluster.setupPrimary({
  exec: fileURLToPath(new URL("node_modules/next/dist/bin/next", import.meta.url)),
  args: ["start", "--hostname", "127.0.0.1", "--port", port],
  cwd: fileURLToPath(new URL(".", import.meta.url)),
});
for (let count = 0; count < Number(processes); count += 1) cluster.fork();
const stop = () => {
  for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGTERM");
  process.exit(0);
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
