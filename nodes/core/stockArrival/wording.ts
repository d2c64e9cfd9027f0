/** A ready-made wording of the stock arrival template, with samples for WhatsApp's review. */
export interface StockArrivalText {
	/** Language codes it covers, the primary one first. */
	languages: readonly string[];
	/** {{1}} customer, {{2}} order, {{3}} product, {{4}} next step, in this order (1msg-api.md, "mission"). */
	body: string;
	/** At most 25 characters. */
	button: string;
	/** For {{1}} to {{4}}. */
	samples: readonly [string, string, string, string];
}

export const STOCK_ARRIVAL_TEXTS: readonly StockArrivalText[] = [
	{
		languages: ['en', 'en_GB', 'en_US'],
		body: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.',
		button: 'Confirm shipment',
		samples: ['Anna', '10482', 'Oak shelf, 80 cm', 'We ship it tomorrow'],
	},
	{
		languages: ['es', 'es_AR', 'es_ES', 'es_MX'],
		body: 'Hola, {{1}}. Para el pedido n.º {{2}}, el artículo "{{3}}" ya está disponible. {{4}}.',
		button: 'Confirmar envío',
		samples: ['Ana', '10482', 'Estante de roble, 80 cm', 'Lo enviamos mañana'],
	},
	{
		languages: ['pt_BR'],
		body: 'Olá, {{1}}! Para o pedido nº {{2}}, o item "{{3}}" já está em estoque. {{4}}.',
		button: 'Confirmar envio',
		samples: ['Ana', '10482', 'Prateleira de carvalho, 80 cm', 'Enviamos amanhã'],
	},
	{
		languages: ['de'],
		body: 'Hallo {{1}}! Zu Ihrer Bestellung Nr. {{2}}: Der Artikel "{{3}}" ist jetzt auf Lager. {{4}}.',
		button: 'Versand bestätigen',
		samples: ['Anna', '10482', 'Eichenregal, 80 cm', 'Wir versenden ihn morgen'],
	},
	{
		languages: ['fr'],
		body: 'Bonjour {{1}} ! Pour la commande n° {{2}}, l’article « {{3}} » est maintenant en stock. {{4}}.',
		button: 'Confirmer l’envoi',
		samples: ['Anne', '10482', 'Étagère en chêne, 80 cm', 'Nous l’expédions demain'],
	},
	{
		languages: ['it'],
		body: 'Buongiorno, {{1}}! Per l’ordine n. {{2}}, l’articolo "{{3}}" è ora disponibile. {{4}}.',
		button: 'Conferma la spedizione',
		samples: ['Anna', '10482', 'Mensola in rovere, 80 cm', 'Lo spediamo domani'],
	},
	{
		languages: ['ru'],
		body: 'Здравствуйте, {{1}}! По заказу № {{2}} товар «{{3}}» поступил на склад. {{4}}.',
		button: 'Подтвердить отправку',
		samples: ['Анна', '10482', 'Полка дубовая, 80 см', 'Отправим его завтра'],
	},
	{
		languages: ['tr'],
		body: 'Merhaba {{1}}! {{2}} numaralı siparişinizdeki "{{3}}" ürünü artık stokta. {{4}}.',
		button: 'Gönderimi onayla',
		samples: ['Ayşe', '10482', 'Meşe raf, 80 cm', 'Yarın kargoya veriyoruz'],
	},
	{
		languages: ['ar'],
		body: 'مرحبًا {{1}}! بخصوص الطلب رقم {{2}}، المنتج "{{3}}" متوفر الآن في المخزون. {{4}}.',
		button: 'تأكيد الشحن',
		samples: ['آنا', '10482', 'رف من خشب البلوط، 80 سم', 'سنشحنه غدًا'],
	},
	{
		languages: ['id'],
		body: 'Halo, {{1}}! Untuk pesanan no. {{2}}, barang "{{3}}" kini tersedia. {{4}}.',
		button: 'Konfirmasi pengiriman',
		samples: ['Ani', '10482', 'Rak kayu ek, 80 cm', 'Kami kirim besok'],
	},
];

/** The wording for a language code; undefined if there is none. */
export function stockArrivalWording(language: string): StockArrivalText | undefined {
	return STOCK_ARRIVAL_TEXTS.find(({ languages }) => languages.includes(language));
}
