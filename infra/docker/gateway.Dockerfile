# The gateway: production dependencies and sources; Node runs the TypeScript as it is. Built from the repository's root.
FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
# Manifests alone: dependencies are installed anew only when one of these changes.
COPY package.json package-lock.json .npmrc ./
COPY packages/base/package.json packages/base/
COPY packages/cli/package.json packages/cli/
COPY packages/client/package.json packages/client/
COPY packages/metrics-catalog/package.json packages/metrics-catalog/
COPY packages/protocol/package.json packages/protocol/
COPY packages/react/package.json packages/react/
COPY packages/testkit/package.json packages/testkit/
COPY services/controller/package.json services/controller/
COPY services/gateway/package.json services/gateway/
COPY charts/package.json charts/
COPY dashboards/package.json dashboards/
COPY load-tests/package.json load-tests/
COPY tools/package.json tools/
COPY infra/docker/prune.sh infra/docker/
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspace=@kittiwake/gateway \
 && infra/docker/prune.sh node_modules \
 && rm -rf infra charts dashboards load-tests tools package-lock.json /root/.npm

FROM node:26-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app ./
COPY packages/base/src packages/base/src
COPY packages/client/src packages/client/src
COPY packages/metrics-catalog/src packages/metrics-catalog/src
COPY packages/protocol/src packages/protocol/src
COPY services/gateway/src services/gateway/src
# Nobody in particular: no name, no home, no shell that anyone needs.
RUN mkdir compile-cache && chown 10001:10001 compile-cache
USER 10001:10001
# What Node makes of the sources is made once (ADR 0086): without a configuration it says so and exits, with everything loaded.
ENV NODE_COMPILE_CACHE=/app/compile-cache
RUN node services/gateway/src/main.ts 2>/dev/null; test -n "$(ls compile-cache)"
CMD ["node", "services/gateway/src/main.ts"]
