#include "desk/header_words.hpp"

#include <algorithm>
#include <unordered_map>

#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

// One concept a line: its name, then the words for it. A word may stand for two concepts ("given+name").
constexpr std::string_view vocabulary[] = {
    "customer: customer customers cust client clients buyer buyers shopper consumer account accounts acct member "
    "members donor household patron kunde kunden kaeufer käufer debitor auftraggeber mitglied cliente clientes "
    "comprador consumidor conta associado 客户 顾客 会员 买家 消费者 客戶 顧客 購買者 会员卡",
    "person: user users usuario usuarios benutzer nutzer 用户 用戶",
    "staff: employee employees staff agent agents rep reps salesperson salespeople salesman salesrep representative "
    "owner assignee advisor clerk mitarbeiter verkaeufer verkäufer vertreter sachbearbeiter betreuer funcionario "
    "empregado vendedor representante agente colaborador 员工 业务员 销售员 销售人员 客服 雇员 职员 坐席 销售代表 "
    "营业员 員工",
    "manager: manager managers supervisor reportsto boss leiter vorgesetzter gerente chefe 经理 主管 上级",
    "team: team teams office offices department departments dept abteilung abteilungen buero büro filiale "
    "niederlassung equipe escritorio departamento filial 团队 部门 办公室 分公司 分店 门店",
    "territory: territory territories gebiet gebiete vertriebsgebiet territorio territorios 销售区域 片区",
    "product: product products prod article articles item items artikel produkt produkte ware waren produto produtos "
    "artigo artigos mercadoria 商品 产品 货品 物料 菜品 產品 货物",
    "order: order orders ordered invoice invoices bill receipt transaction transactions trans txn purchase purchases "
    "purchased basket ticket voucher slip auftrag auftrags auftraege aufträge bestellung bestellungen bestell rechnung "
    "rechnungs rechnungen beleg bon kassenbon pedido pedidos encomenda encomendas fatura nota compra compras 订单 发票 "
    "单据 交易 账单 小票 订购 购买 下单 訂單 成交单 消费",
    "line: line lines detail details lineitem lineitems orderlineitem orderlineitems orderitem orderitems orderline "
    "orderlines orderdetail "
    "orderdetails position positionen pos zeile zeilen linha linhas 明细 行",
    "opportunity: opportunity opportunities deal deals pipeline verkaufschance verkaufschancen chance oportunidade "
    "oportunidades negocio 商机 机会",
    "supplier: supplier suppliers vendor vendors lieferant lieferanten fornecedor fornecedores 供应商",
    "carrier: carrier carriers shipper shippers spediteur transportadora 承运商 快递公司",
    "category: category categories productline productgroup productcategory genre kategorie kategorien "
    "warengruppe produktgruppe categoria categorias 类别 品类 类目 分类 大类 类型 商品类别",
    "subcategory: subcategory subcategories subclass unterkategorie subcategoria 子类别 子类 小类 二级类目",
    "id: id ids key no number nr num code pk uid guid uuid nummer identifikation codigo numero schluessel schlüssel "
    "kennung ident 编号 编码 号 号码 代码 id号 編號 单号",
    "row: row rowid rownum rownumber index idx lfd laufende seq sequence 序号 行号 unnamed",
    "name: name names bezeichnung nome 名称 姓名 名 名字",
    "given: given forename fname vorname firstname prenome primeironome",
    "first: first primeiro",
    "family: family surname lname nachname familienname sobrenome apelido lastname 姓 姓氏",
    "last: last ultimo",
    "full: full complete voller completo",
    "contact: contact kontakt ansprechpartner contato contacto 联系人 联系",
    "company: company companies organisation organization firm firma unternehmen empresa 公司 企业 单位",
    "date: date day datum tag data dia 日期 日",
    "time: time timestamp datetime uhrzeit zeit hora zeitpunkt 时间 時間",
    "quantity: quantity quantities qty units unitssold pieces pcs menge anzahl stueck stück stueckzahl stückzahl "
    "quantidade quantidades qtd qtde 数量 件数 销量 购买数量 數量",
    "price: price prices unitprice priceeach msrp preis preise stueckpreis stückpreis einzelpreis preco precos "
    "precounitario valorunitario 单价 价格 售价 單價",
    "amount: amount amt total totals value sum subtotal gross net spend spent spending paid extprice extendedprice "
    "lineamount betrag summe wert gesamt gesamtpreis gesamtbetrag endbetrag valor montante importe 金额 总额 总价 "
    "总金额 "
    "销售额 销售金额 消费金额 实付 应付 支付金额 订单金额 实付金额 應付金額 金額",
    "revenue: revenue turnover umsatz umsaetze umsätze receita faturamento 收入额 营收 营业额 营业收入",
    "sale: sale sales verkauf verkaeufe verkäufe vertrieb venda vendas 销售 售出",
    "discount: discount disc rebate rabatt nachlass desconto 折扣 优惠 折扣率 优惠金额",
    "cost: cost costs cogs costprice buyprice purchaseprice kosten einkaufspreis custo custos 成本 成本价 进价",
    "profit: profit margin gewinn marge lucro margem 利润 毛利",
    "freight: freight shippingcost shippingfee shippingcosts fracht versandkosten frete 运费 邮费",
    "tax: tax vat taxes mwst steuer imposto iva 税 税额 税率",
    "currency: currency ccy waehrung währung moeda 币种 货币",
    "status: status zustand situacao 状态",
    "stage: stage dealstage phase salesstage etapa fase 阶段",
    "channel: channel kanal vertriebsweg canal 渠道 来源渠道",
    "mode: mode method art metodo modo 方式",
    "country: country countries land laender länder nation pais paises 国家 国籍 國家",
    "state: state province bundesland estado provincia uf 省 省份 州 所在省",
    "region: region regions regiao regioes 地区 大区 区域 地域 區域",
    "continent: continent kontinent continente 洲 大洲",
    "city: city town ort stadt cidade municipio suburb 城市 市 所在市",
    "postal: postal zip zipcode postcode postalcode plz postleitzahl cep 邮编 邮政编码",
    "address: address addressline addr street adresse anschrift strasse straße endereco rua logradouro morada 地址 "
    "住址 收货地址",
    "phone: phone telephone tel phonenumber telefon telefonnummer fon telefone 电话 联系电话 电话号码",
    "mobile: mobile cellphone handy mobil celular telemovel 手机 手机号 手机号码 移动电话",
    "fax: fax telefax 传真",
    "email: email emails mail emailaddress emailadresse 邮箱 邮件 电子邮件 电子邮箱",
    "web: web website homepage url webseite 网址 网站",
    "gender: gender sex geschlecht sexo genero 性别 性別",
    "birth: birth birthdate birthday dob born geburt geburtsdatum geburtstag nascimento datanascimento 出生 生日 "
    "出生日期",
    "age: age alter idade 年龄 年齡",
    "marital: marital maritalstatus familienstand estadocivil 婚姻 婚姻状况 婚否",
    "education: education educationlevel schooling bildung bildungsstand educacao escolaridade 教育 学历 教育程度",
    "occupation: occupation job profession beruf profissao ocupacao 职业 工作",
    "income: income salary annualincome einkommen gehalt jahreseinkommen renda salario 收入 年收入",
    "segment: segment customersegment customertype kundengruppe kundensegment segmento 客户类型 细分 客户类别",
    "kind: kind type typ kundentyp kundenart personentyp tipo tipocliente tipopessoa 性质 种类 種類 客户性质",
    "tier: tier loyalty membership grade 等级 会员等级 会员级别 级别 vip等级",
    "language: language sprache idioma 语言",
    "title: title prefix salutation courtesy anrede titel titulo 称呼 称谓 头衔 职务",
    "brand: brand series marke marca 品牌 系列",
    "description: description desc beschreibung descricao 描述 说明",
    "sku: sku stockcode itemcode articleno artikelnummer artikelnr ean gtin barcode asin 货号 条码 款号",
    "stock: stock instock unitsinstock inventory bestand lagerbestand estoque 库存",
    "discontinued: discontinued ausgelaufen descontinuado 停售 停产",
    "active: active aktiv ativo 在售 有效",
    "industry: industry sector branche setor ramo 行业",
    "founded: founded established gegruendet gegründet fundacao fundada 成立",
    "year: year jahr ano 年份",
    "annual: annual yearly jaehrlich jährlich jahres anual 年",
    "parent: parent subsidiary subsidiaryof mutter mutterfirma konzern matriz 母公司 上级公司",
    "probability: probability prob wahrscheinlichkeit probabilidade 概率 可能性",
    "close: close closed closing abschluss fechamento 关闭 成交 结单",
    "open: open opened engage engaged created start begin beginn abertura 创建 开始 建立",
    "return: return returned returns refund refunds rueckgabe rückgabe retoure retouren ruecksendung rücksendung "
    "devolucao devolucoes 退货 退款 退单",
    "reason: reason grund motivo 原因",
    "due: due required requireddate promised estimated expected faellig fällig liefertermin vencimento prazo 到期 要求",
    "ship: ship shipped shipping dispatch dispatched delivery delivered versand versendet liefer lieferung envio "
    "entrega "
    "发货 送货 配送 交货",
    "billing: billing billto rechnungsadresse cobranca 账单地址",
    "payment: payment payments pay zahlung zahlungs zahlart pagamento 支付 付款",
    "since: since joined join registered registration registriert registrierung kundeseit cadastro registo registrado "
    "signup enrolled 注册 入会 加入 注册时间 入会时间",
    "hire: hire hired hiring eingestellt eintritt einstellung admissao contratado 入职",
    "notes: notes comment comments remark remarks bemerkung bemerkungen notiz notizen observacao observacoes 备注",
    "level: level stufe nivel 程度",
    "location: location locations geography standort localizacao 位置 所在地",
    "recency: recency r 最近消费",
    "frequency: frequency f 频率 消费频率",
    "monetary: monetary m 消费总额",
    "calendar: calendar kalender calendario 日历",
    "dictionary: dictionary woerterbuch dicionario 字典",
    ": of the per each unit 实际 产生 产生的 years months support regional to on in by at und and or for from de da do "
    "dos das der die "
    "des von le la list current our "
    "a e o 的 型",
};

struct Word {
  std::vector<std::string_view> concepts;  // none: carries nothing
};

class Vocabulary {
 public:
  Vocabulary() {
    for (const std::string_view line : vocabulary) add(line);
    // Words that are two concepts in one.
    words_["cogs"] = {{"amount", "cost"}};
    words_["vorname"] = {{"given"}};
    words_["firstname"] = {{"given"}};
    words_["lastname"] = {{"family"}};
    words_["fullname"] = {{"name"}};
    words_["username"] = {{"person", "name"}};
    words_["dealvalue"] = {{"opportunity", "amount"}};
    words_["sellingprice"] = {{"price"}};
    words_["saleprice"] = {{"price"}};
    words_["kundennummer"] = {{"customer", "id"}};
  }
  const Word* find(std::string_view word) const {
    const auto found = words_.find(std::string(word));
    return found == words_.end() ? nullptr : &found->second;
  }
  std::size_t longest() const noexcept { return longest_; }

 private:
  void add(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    for (std::size_t at = colon + 1; at < line.size();) {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      if (end > at) {
        std::string word = fold(line.substr(at, end - at));
        longest_ = std::max(longest_, word.size());
        words_.emplace(std::move(word), name.empty() ? Word{} : Word{{name}});
      }
      at = end + 1;
    }
  }
  std::unordered_map<std::string, Word> words_;
  std::size_t longest_ = 0;
};

const Vocabulary& words() {
  static const Vocabulary known;
  return known;
}

bool is_mark(char32_t c) {
  return c < 0x80 ? !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) : c == 0x3000;
}

bool is_chinese(char32_t c) { return c >= 0x2e80; }

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The fewest words of the vocabulary that make up `text`, German compounds and Chinese phrases being written
// in one piece. Latin words of one letter do not count. Empty where it cannot be done.
std::vector<std::string_view> compound(std::string_view text) {
  constexpr std::size_t never = 1000;
  std::vector<std::size_t> pieces(text.size() + 1, never), from(text.size() + 1, 0);
  pieces[0] = 0;
  for (std::size_t end = 1; end <= text.size(); ++end) {
    const std::size_t most = std::min(end, words().longest());
    for (std::size_t size = most; size > 0; --size) {
      const std::string_view piece = text.substr(end - size, size);
      const bool latin = static_cast<unsigned char>(piece.front()) < 0x80;
      if (pieces[end - size] + 1 >= pieces[end] || (latin && size < 2)) continue;
      const Word* word = words().find(piece);
      if (word == nullptr || (latin && word->concepts.empty())) continue;
      pieces[end] = pieces[end - size] + 1;
      from[end] = end - size;
    }
  }
  std::vector<std::string_view> found;
  if (pieces[text.size()] == never) return found;
  for (std::size_t end = text.size(); end > 0; end = from[end])
    found.push_back(text.substr(from[end], end - from[end]));
  std::reverse(found.begin(), found.end());
  return found;
}

void take(Concepts& concepts, const Word& word) {
  for (const std::string_view name : word.concepts)
    if (std::find(concepts.begin(), concepts.end(), name) == concepts.end()) concepts.push_back(name);
}

// A word, or several written as one ("Kundennummer"; German joins them with an s: "Auftragsnummer").
void take_word(Concepts& concepts, std::string_view text) {
  if (is_digits(text)) return;
  if (const Word* word = words().find(text)) return take(concepts, *word);
  std::size_t letters = text.size();
  while (letters > 0 && text[letters - 1] >= '0' && text[letters - 1] <= '9') --letters;
  if (letters < text.size() && letters > 1) return take_word(concepts, text.substr(0, letters));
  const std::vector<std::string_view> parts = compound(text);
  if (parts.empty()) return concepts.push_back(unknown_concept);
  for (const std::string_view part : parts) take(concepts, *words().find(part));
}

// "Annual Income (k$)": what stands in brackets is a unit or a range.
std::string without_brackets(std::string_view name) {
  std::string text;
  int depth = 0;
  for (const char c : name) {
    if (c == '(' || c == '[') ++depth;
    if (depth == 0) text += c;
    if ((c == ')' || c == ']') && depth > 0) --depth;
  }
  return trim(text).empty() ? std::string(name) : text;
}

}  // namespace

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> found;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) found.push_back(fold(word));
    word.clear();
  };
  char32_t before = 0;
  for (std::size_t at = 0; at < name.size();) {
    const char32_t c = next_code_point(name, at);
    const bool capital = c >= 'A' && c <= 'Z';
    const bool next_small = at < name.size() && name[at] >= 'a' && name[at] <= 'z';
    const bool after_small = (before >= 'a' && before <= 'z') || (before >= '0' && before <= '9');
    const bool after_capital = before >= 'A' && before <= 'Z';
    const bool other_script = before != 0 && is_chinese(before) != is_chinese(c);
    if (is_mark(c) || other_script || (capital && (after_small || (after_capital && next_small)))) finish();
    if (!is_mark(c)) append_utf8(word, c);
    before = c;
  }
  finish();
  return found;
}

Concepts concepts_of(std::string_view name) {
  std::vector<std::string> parts = words_of(without_brackets(name));
  for (std::string& part : parts) {
    const std::size_t letters = part.find_last_not_of("0123456789") + 1;  // "line1" is a line
    if (letters > 1) part.resize(letters);
  }
  Concepts concepts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string pair = i + 1 < parts.size() ? parts[i] + parts[i + 1] : "";
    const std::string three = i + 2 < parts.size() ? pair + parts[i + 2] : "";
    if (const Word* word = words().find(three)) {
      take(concepts, *word);
      i += 2;
    } else if (const Word* both = words().find(pair)) {
      take(concepts, *both);
      i += 1;
    } else {
      take_word(concepts, parts[i]);
    }
  }
  return concepts;
}

}  // namespace emptor::desk
