import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** The credential's fields as saved by a user. */
export type CredentialFields = Record<string, string>;

let executions = 0;

/** Additional data of an execution: the credential and the webhook addresses. */
export function additionalData(
	credential: ICredentialType,
	fields: CredentialFields,
	webhookHost = 'http://127.0.0.1:5678',
): IWorkflowExecuteAdditionalData {
	const credentialsHelper = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getDecrypted: async () => ({ ...fields }),
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		getCredentials: async () => ({}),
		getCredentialsProperties: () => credential.properties,
		async authenticate(data: ICredentialDataDecryptedObject, _type: string, request: IHttpRequestOptions) {
			if (typeof credential.authenticate !== 'function') throw new Error('The credential signs requests by a function');
			return await credential.authenticate(data, request);
		},
	};
	return {
		credentialsHelper,
		executionId: String(++executions),
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: `${webhookHost}/rest`,
		instanceBaseUrl: `${webhookHost}/`,
		formWaitingBaseUrl: `${webhookHost}/form-waiting`,
		webhookBaseUrl: `${webhookHost}/webhook`,
		webhookTestBaseUrl: `${webhookHost}/webhook-test`,
		webhookWaitingBaseUrl: `${webhookHost}/webhook-waiting`,
		setExecutionStatus: () => {},
		sendDataToUI: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
}
