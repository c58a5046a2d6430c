import { brokerBoard } from './boards/broker/broker-board.ts';
import { controllerBoard } from './boards/controller/controller-board.ts';
import { gatewayBoard } from './boards/gateway/gateway-board.ts';
import { handoverBoard } from './boards/handover/handover-board.ts';
import { latencyBoard } from './boards/latency/latency-board.ts';
import { overviewBoard } from './boards/overview/overview-board.ts';
import { layOut } from './common/layout.ts';

/** One board as Grafana takes it: `name` is a file's or a ConfigMap key's stem, `json` ends in a newline. */
export type RenderedDashboard = { readonly name: string; readonly json: string };

/** Every board, in the order in which one reads them. Same input, same output. */
export function renderDashboards(): readonly RenderedDashboard[] {
  const boards = [
    overviewBoard(),
    gatewayBoard(),
    brokerBoard(),
    latencyBoard(),
    handoverBoard(),
    controllerBoard(),
  ];
  return boards.map(board => ({
    name: board.name,
    json: `${JSON.stringify(layOut(board), undefined, 2)}\n`,
  }));
}
