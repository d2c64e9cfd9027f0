import type { ICredentialType, INodeType, INodeTypes } from 'n8n-workflow';
import { core, PACKAGE_FOLDER, workflow } from './line.cjs';

/** The built package, loaded from the unpacked tarball by n8n's own loader. */
export interface LoadedPackage {
	nodeTypes: INodeTypes;
	oneMsg: INodeType;
	oneMsgTrigger: INodeType;
	credential: ICredentialType;
}

let loaded: Promise<LoadedPackage> | undefined;

/** Loads the package, once per test file. */
export async function loadPackage(): Promise<LoadedPackage> {
	return await (loaded ??= load());
}

async function load(): Promise<LoadedPackage> {
	const loader = new core.PackageDirectoryLoader(PACKAGE_FOLDER);
	await loader.loadAll();
	const own = (name: string) => loader.getNode(name).type as INodeType;
	const find = (type: string) => {
		const name = type.split('.').pop()!;
		return name === 'items' ? items : name === 'sink' ? sink : own(name);
	};
	return {
		nodeTypes: {
			getByName: find,
			getByNameAndVersion: (type, version) => workflow.NodeHelpers.getVersionedNodeType(find(type), version),
			getKnownTypes: () => ({}),
		},
		oneMsg: own('oneMsg'),
		oneMsgTrigger: own('oneMsgTrigger'),
		credential: loader.getCredential('oneMsgChannelApi').type,
	};
}

/** Source of the input items: pinned data replaces its output. */
const items = plainNode('items', []);
/** Connected to an output, so that n8n fills it. */
const sink = plainNode('sink', ['main']);

function plainNode(name: string, inputs: string[]): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: [inputs.length === 0 ? 'trigger' : 'output'],
			version: 1,
			description: '',
			defaults: {},
			inputs: inputs as INodeType['description']['inputs'],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			return [this.getInputData()];
		},
	};
}
