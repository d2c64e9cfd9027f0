import { useChannel } from '../support/channel.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

const channel = useChannel();

const ITEMS = ['Oak shelf', 'Desk lamp', 'Ceramic mug'].map((product, place) => ({ phone: `+7 912 345-67-8${place}`, product, list: 'Items' }));

const productsOf = async (productName: string) => {
	const { items } = await runNode({ parameters: arrival({ phone: '={{ $json.phone }}', productName, options: { output: 'logRow' } }), credential: channel.credential, items: ITEMS });
	return items.map(({ json }) => json.productName);
};

test("a field of another node's first item is the same for all", async () => {
	expect(await productsOf("={{ $('Items').first().json.product }}")).toEqual(['Oak shelf', 'Oak shelf', 'Oak shelf']);
});

test.each([
	"={{ $('Items').all()[$itemIndex].json.product }}",
	"={{ $('Items').all().find((one) => one.json.phone === $json.phone).json.product }}",
	"={{ $('Items').item.json.product }}",
	"={{ $('Items').first() && $json.product }}",
	'={{ $(`${$json.list}`).first() && $(`Items`).all().find((one) => one.json.phone === $json.phone).json.product }}',
	'={{ $(`Items${$json.product.slice(20)}`).all()[$itemIndex].json.product }}',
])('%s is each its own', async (expression) => {
	expect(await productsOf(expression)).toEqual(ITEMS.map(({ product }) => product));
});
