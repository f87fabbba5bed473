// A real nginx before a shop, with everything as it is by default, and gzip.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const PREFIX = "/user/me/proxy/8080/"; // as JupyterHub's and code-server's

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const configuration = (port, shop) => `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  gzip on;
  gzip_proxied any;
  gzip_min_length 1;
  gzip_types text/event-stream text/css text/javascript application/json;
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://127.0.0.1:${shop.port}/; }
    location ${PREFIX} { proxy_pass http://127.0.0.1:${shop.port}/; }
  }
}
`;

// Opens the proxy of a shop; `restart` lets it be gone for a while.
export async function openProxy(shop) {
  const folder = mkdtempSync(join(tmpdir(), "live-nginx-"));
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), configuration(port, shop));
  let nginx;
  const start = async () => {
    nginx = spawn(process.env.NGINX_PROGRAM, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], { stdio: ["ignore", "inherit", "inherit"] });
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries === 100) throw new Error("nginx does not answer");
      await new Promise((wait) => setTimeout(wait, 50));
    }
  };
  const stop = async () => {
    nginx.kill("SIGKILL");
    if (nginx.exitCode === null && nginx.signalCode === null) await once(nginx, "exit");
  };
  process.once("exit", () => nginx?.kill("SIGKILL"));
  await start();
  const close = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { origin: `http://localhost:${port}`, start, stop, close };
}

async function answers(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
