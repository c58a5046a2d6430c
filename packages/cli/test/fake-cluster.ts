import { err, ok, type Result } from '@kittiwake/base';
import type { CliProblem } from '../src/cli-problem.ts';
import type { Annotated, ClusterPort, Leader } from '../src/cluster/cluster-port.ts';

/** A cluster that holds a status, and remembers what was annotated. */
export class FakeCluster implements ClusterPort {
  text: string;
  leader: Leader | undefined;
  problem: CliProblem | undefined;
  readonly annotated: string[] = [];
  /** Called with each annotation, and each time somebody looks: the controller's part. */
  onAnnotate: () => void = () => {};
  onRead: () => void = () => {};

  constructor(text = '', leader?: Leader) {
    this.text = text;
    this.leader = leader;
  }

  readonly readStatus: ClusterPort['readStatus'] = async () => {
    this.onRead();
    return this.problem === undefined ? ok({ cluster: 'test', value: this.text }) : err(this.problem);
  };

  readonly readLeader: ClusterPort['readLeader'] = async () => ok(this.leader);

  readonly annotate = async (
    { kind, namespace, name }: Annotated,
    annotations: { readonly [name: string]: string },
  ): Promise<Result<void, CliProblem>> => {
    this.annotated.push(`${kind} ${namespace}/${name} ${JSON.stringify(annotations)}`);
    this.onAnnotate();
    return ok();
  };
}
