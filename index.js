'use strict';

module.exports = {
	...require('./dist/credentials/OneMsgChannelApi.credentials.js'),
	...require('./dist/nodes/OneMsg/OneMsg.node.js'),
	...require('./dist/nodes/OneMsgTrigger/OneMsgTrigger.node.js'),
};
