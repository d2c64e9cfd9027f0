import type { LoadMeasurement } from './load.mts';
import type { Measurement } from './sends/measure.mts';
import type { MissionMeasurements } from './mission/bench.mts';
import type { TriggerMeasurements } from './trigger/bench.mts';

/** What a run has measured. */
export interface Results {
	sends: Measurement[];
	trigger?: TriggerMeasurements;
	load?: LoadMeasurement;
	mission?: MissionMeasurements;
}
