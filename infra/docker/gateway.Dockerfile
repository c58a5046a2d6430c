# The gateway: one program with all that it imports, and what V8 made of it (ADR 0090). Built from the repository's root.
FROM node:26-bookworm-slim AS build
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
# Optional dependencies as well: the bundler's native part is one.
RUN npm ci --omit=dev --ignore-scripts --workspace=@kittiwake/gateway --workspace=@kittiwake/tools
COPY packages/base/src packages/base/src
COPY packages/client/src packages/client/src
COPY packages/metrics-catalog/src packages/metrics-catalog/src
COPY packages/protocol/src packages/protocol/src
COPY services/gateway/src services/gateway/src
COPY services/gateway/scripts services/gateway/scripts
COPY tools/images tools/images
# A gateway starts, serves a conversation and leaves, so that V8 has compiled what these need.
RUN node tools/images/bundle/main.ts gateway /programs \
 && node services/gateway/scripts/warm-up.ts /programs

FROM node:26-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /programs ./
# Nobody in particular: no name, no home, no shell that anyone needs.
USER 10001:10001
CMD ["node", "start.cjs", "gateway"]
