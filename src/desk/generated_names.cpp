#include "desk/generated_names.hpp"

#include <array>
#include <vector>

#include "emptor/core/text.hpp"

namespace emptor {
namespace {

using Words = std::vector<std::string_view>;

struct Lexicon {
  std::string_view tag, country;
  Words families, given, firms, forms, towns, streets;
};

// Chinese names as "characters pinyin".
const std::array<Lexicon, tongue_count>& lexica() {
  static const std::array<Lexicon, tongue_count> all = {{
      {"zh",
       "China",
       {"王 Wang", "李 Li",    "张 Zhang", "刘 Liu",   "陈 Chen",  "杨 Yang",  "黄 Huang",    "赵 Zhao",
        "吴 Wu",   "周 Zhou",  "徐 Xu",    "孙 Sun",   "马 Ma",    "朱 Zhu",   "胡 Hu",       "郭 Guo",
        "何 He",   "高 Gao",   "林 Lin",   "罗 Luo",   "郑 Zheng", "梁 Liang", "谢 Xie",      "宋 Song",
        "唐 Tang", "许 Xu",    "邓 Deng",  "冯 Feng",  "韩 Han",   "曹 Cao",   "曾 Zeng",     "彭 Peng",
        "肖 Xiao", "蔡 Cai",   "潘 Pan",   "田 Tian",  "董 Dong",  "袁 Yuan",  "于 Yu",       "余 Yu",
        "叶 Ye",   "蒋 Jiang", "杜 Du",    "苏 Su",    "魏 Wei",   "吕 Lü",    "丁 Ding",     "沈 Shen",
        "任 Ren",  "姚 Yao",   "卢 Lu",    "姜 Jiang", "崔 Cui",   "钟 Zhong", "欧阳 Ouyang", "司马 Sima"},
       {"伟 wei",  "芳 fang", "娜 na",   "敏 min",  "静 jing", "丽 li",   "强 qiang", "磊 lei",  "军 jun",  "洋 yang",
        "勇 yong", "艳 yan",  "杰 jie",  "娟 juan", "涛 tao",  "明 ming", "超 chao",  "秀 xiu",  "英 ying", "霞 xia",
        "平 ping", "刚 gang", "桂 gui",  "建 jian", "国 guo",  "子 zi",   "涵 han",   "雨 yu",   "桐 tong", "浩 hao",
        "然 ran",  "思 si",   "远 yuan", "佳 jia",  "怡 yi",   "欣 xin",  "梓 zi",    "轩 xuan", "宇 yu",   "晨 chen",
        "晓 xiao", "文 wen",  "博 bo",   "志 zhi",  "海 hai",  "燕 yan",  "红 hong",  "玉 yu",   "兰 lan",  "梅 mei",
        "春 chun", "龙 long", "鹏 peng", "飞 fei",  "波 bo",   "辉 hui",  "健 jian",  "俊 jun",  "峰 feng", "琳 lin"},
       {"华信", "东方", "恒远", "金桥", "长青", "南海", "天成", "百合", "启明", "和顺", "泰康", "瑞丰", "联创", "嘉禾"},
       {"贸易有限公司", "商贸行", "科技有限公司", "百货店"},
       {"上海", "北京", "广州", "成都", "杭州", "武汉", "西安", "厦门"},
       {"人民路", "解放路", "中山路", "建设街", "新华路", "和平街"}},
      {"de",
       "Germany",
       {"Müller",   "Schmidt",  "Schneider", "Fischer",  "Weber",  "Meyer",   "Wagner",  "Becker",
        "Schulz",   "Hoffmann", "Schäfer",   "Koch",     "Bauer",  "Richter", "Klein",   "Wolf",
        "Schröder", "Neumann",  "Schwarz",   "Braun",    "Krüger", "Hofmann", "Lange",   "Werner",
        "Krause",   "Lehmann",  "Köhler",    "Herrmann", "König",  "Jäger",   "Groß",    "Peters",
        "Petersen", "Weiß",     "Jung",      "Hahn",     "Vogel",  "Keller",  "Günther", "Frank"},
       {"Anna",  "Ben",      "Clara", "David", "Elena", "Felix",  "Greta",  "Hanna",   "Jonas",  "Jürgen",
        "Katja", "Lukas",    "Marie", "Nils",  "Olga",  "Paul",   "Rosa",   "Sabine",  "Thomas", "Uwe",
        "Vera",  "Wolfgang", "Jörg",  "Käthe", "Heike", "Stefan", "Monika", "Andreas", "Petra",  "Michael"},
       {"Nordlicht", "Kiefer & Sohn", "Sonnenhof", "Alte Münze", "Blaue Feder", "Hansekontor", "Waldeck", "Lindenau"},
       {"GmbH", "AG", "KG", "OHG"},
       {"Hamburg", "Berlin", "München", "Köln", "Leipzig", "Bremen"},
       {"Hauptstraße", "Bahnhofstraße", "Gartenweg", "Lindenallee", "Am Markt", "Schulstraße"}},
      {"en",
       "United Kingdom",
       {"Smith",    "Jones",  "Taylor",  "Brown", "Williams",  "Wilson", "Johnson",  "Davies", "Robinson", "Wright",
        "Thompson", "Evans",  "Walker",  "White", "Roberts",   "Green",  "Hall",     "Wood",   "Jackson",  "Clarke",
        "O'Brien",  "Hughes", "Edwards", "Hill",  "Moore",     "Clark",  "Harrison", "Scott",  "Young",    "Morris",
        "Baker",    "Turner", "Cooper",  "Ward",  "MacDonald", "Watson", "Bennett",  "Carter", "Shaw",     "Bell"},
       {"Grace",  "Oliver", "Emily", "William", "Charlotte", "Jack",    "Sophie", "Harry", "Amelia", "George",
        "Olivia", "Thomas", "Alice", "James",   "Lucy",      "Daniel",  "Hannah", "Peter", "Rachel", "Simon",
        "Laura",  "Mark",   "Sarah", "Andrew",  "Helen",     "Stephen", "Jane",   "Colin", "Ruth",   "Liam"},
       {"Blue Harbour", "Green Mill", "Old Mint", "Riverside", "Sundial", "Brightwell", "Stone, Hill", "Redbrick"},
       {"Ltd", "plc", "Trading", "& Co", "Stores"},
       {"Leeds", "London", "Bristol", "Glasgow", "Cardiff", "Norwich"},
       {"High Street", "Station Road", "Church Lane", "Mill Road", "Park Avenue", "The Green"}},
      {"fr",
       "France",
       {"Martin", "Bernard", "Dubois",   "Thomas",    "Robert",   "Richard", "Petit",    "Durand",
        "Leroy",  "Moreau",  "Simon",    "Laurent",   "Lefèvre",  "Michel",  "Garcia",   "Bertrand",
        "Roux",   "Vincent", "Fournier", "Morel",     "Girard",   "André",   "Mercier",  "Blanc",
        "Guérin", "Boyer",   "Garnier",  "Chevalier", "François", "Legrand", "Gauthier", "Perrin",
        "Robin",  "Clément", "Morin",    "Nicolas",   "Henry",    "Roussel", "Mathieu",  "Gérard"},
       {"Camille",  "Louis",  "Léa",      "Hugo",     "Chloé",  "Jules",   "Manon",  "Gabriel",  "Inès",   "Raphaël",
        "Sarah",    "Arthur", "Zoé",      "Nathan",   "Élise",  "Antoine", "Claire", "Pierre",   "Sophie", "Jean",
        "Nathalie", "Michel", "Isabelle", "Philippe", "Sylvie", "Alain",   "Hélène", "François", "Céline", "Noël"},
       {"La Fontaine", "Atelier 9", "Maison Verte", "Le Grand Quai", "Belle Rive", "Au Vieux Moulin"},
       {"SARL", "S.A.", "SAS"},
       {"Lyon", "Paris", "Marseille", "Bordeaux", "Nantes", "Strasbourg"},
       {"rue de la République", "avenue Victor-Hugo", "rue des Écoles", "place du Marché", "rue du Moulin"}},
      {"pt",
       "Portugal",
       {"Silva",     "Santos",    "Ferreira",  "Pereira",   "Oliveira", "Costa",     "Rodrigues", "Martins",
        "Jesus",     "Sousa",     "Fernandes", "Gonçalves", "Gomes",    "Lopes",     "Marques",   "Alves",
        "Almeida",   "Ribeiro",   "Pinto",     "Carvalho",  "Teixeira", "Moreira",   "Correia",   "Mendes",
        "Nunes",     "Soares",    "Vieira",    "Monteiro",  "Cardoso",  "Rocha",     "Simões",    "Araújo",
        "Conceição", "Guimarães", "Brandão",   "Antunes",   "Fonseca",  "Magalhães", "Leão",      "Falcão"},
       {"Inês",  "João",    "Maria",  "Rodrigo", "Leonor", "Francisco", "Matilde",  "Martim", "Beatriz", "Tomás",
        "Ana",   "António", "Teresa", "Manuel",  "Carla",  "José",      "Sofia",    "Luís",   "Helena",  "Rui",
        "Joana", "Tiago",   "Marta",  "Nuno",    "Lúcia",  "Paulo",     "Catarina", "Simão",  "Glória",  "Vítor"},
       {"Casa Verde", "Mar Alto", "Pão de Ouro", "Boa Vista", "Ponte Nova", "São Bento"},
       {"Lda.", "S.A.", "& Filhos"},
       {"Porto", "Lisboa", "Coimbra", "Braga", "Faro", "Évora"},
       {"Rua Direita", "Avenida da Liberdade", "Rua das Flores", "Largo da Igreja", "Rua do Comércio"}},
      {"es",
       "Spain",
       {"García",  "Rodríguez", "González", "Fernández", "López",     "Martínez", "Sánchez",   "Pérez",
        "Gómez",   "Martín",    "Jiménez",  "Ruiz",      "Hernández", "Díaz",     "Moreno",    "Muñoz",
        "Álvarez", "Romero",    "Alonso",   "Gutiérrez", "Navarro",   "Torres",   "Domínguez", "Vázquez",
        "Ramos",   "Gil",       "Serrano",  "Blanco",    "Molina",    "Castro"},
       {"María", "Antonio", "Carmen", "José",   "Lucía", "Manuel", "Paula", "Javier", "Elena", "Daniel",
        "Sara",  "Carlos",  "Marta",  "Miguel", "Laura", "Pablo",  "Ana",   "Sergio", "Rocío", "Álvaro",
        "Pilar", "Jesús",   "Isabel", "Ángel",  "Nuria", "Rubén",  "Sofía", "Iván",   "Julia", "Óscar"},
       {"Casa Blanca", "Río Claro", "El Olivo", "Montaña Azul", "La Plaza"},
       {"S.L.", "S.A."},
       {"Málaga", "Madrid", "Sevilla", "Valencia", "Bilbao"},
       {"Calle Mayor", "Calle Real", "Avenida de la Paz", "Plaza Nueva"}},
      {"it",
       "Italy",
       {"Rossi",    "Russo",   "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo",  "Ricci", "Marino",   "Greco",
        "Bruno",    "Gallo",   "Conti",   "De Luca",  "Mancini", "Costa",  "Giordano", "Rizzo", "Lombardi", "Moretti",
        "Barbieri", "Fontana", "Santoro", "Mariani",  "Rinaldi", "Caruso", "Ferrara",  "Galli", "Martini",  "Leone"},
       {"Giulia", "Francesco", "Sofia", "Alessandro", "Aurora", "Lorenzo", "Alice", "Matteo", "Martina",   "Andrea",
        "Chiara", "Luca",      "Sara",  "Marco",      "Elena",  "Davide",  "Anna",  "Paolo",  "Francesca", "Nicolò",
        "Laura",  "Stefano",   "Paola", "Giuseppe",   "Silvia", "Roberto", "Noemi", "Pietro", "Irene",     "Salvatore"},
       {"La Torre", "Bottega Nuova", "Sole Mio", "Ponte Vecchio", "Villa Chiara"},
       {"S.r.l.", "S.p.A."},
       {"Torino", "Roma", "Milano", "Bologna", "Genova"},
       {"Via Roma", "Via Garibaldi", "Corso Italia", "Piazza Dante"}},
  }};
  return all;
}

const Lexicon& lexicon_of(Tongue tongue) { return lexica()[static_cast<std::size_t>(tongue)]; }

std::string_view pick(Random& random, const Words& words) { return words[random.below(words.size())]; }

/// "characters pinyin" taken apart.
struct Pair {
  std::string_view characters, pinyin;
};
Pair apart(std::string_view words) {
  const std::size_t blank = words.find(' ');
  return {words.substr(0, blank), words.substr(blank + 1)};
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

/// Without marks, capitals kept: "Müller" is "Muller". Letters that folding makes longer keep its form.
std::string without_marks(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    next_code_point(text, at);
    const std::string letter = text.substr(begin, at - begin);
    const bool marked = static_cast<unsigned char>(letter[0]) >= 0x80;
    plain += marked ? (begin == 0 ? capitalised(fold(letter)) : fold(letter)) : letter;
  }
  return plain;
}

PersonName chinese_name(Random& random) {
  const Lexicon& lexicon = lexicon_of(Tongue::chinese);
  const Pair family = apart(pick(random, lexicon.families));
  PersonName name{Tongue::chinese, std::string(family.characters), {}, std::string(family.pinyin), {}};
  for (int characters = random.below(10) < 3 ? 1 : 2; characters > 0; --characters) {
    const Pair given = apart(pick(random, lexicon.given));
    name.given += given.characters;
    name.given_latin += given.pinyin;
  }
  name.given_latin = capitalised(name.given_latin);
  return name;
}

std::vector<std::string> letters_of(const std::string& text) {
  std::vector<std::string> letters;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    next_code_point(text, at);
    letters.push_back(text.substr(begin, at - begin));
  }
  return letters;
}

std::string joined(const std::vector<std::string>& letters) {
  std::string text;
  for (const std::string& letter : letters) text += letter;
  return text;
}

/// One slip of the finger behind the first letter; a name too short for it stays.
std::string slipped(const std::string& text, Typing typing, Random& random) {
  std::vector<std::string> letters = letters_of(text);
  if (letters.size() < 3) return text;
  const std::size_t at = 1 + random.below(letters.size() - 2);
  const auto place = letters.begin() + static_cast<std::ptrdiff_t>(at);
  if (typing == Typing::transposed) std::swap(letters[at], letters[at + 1]);
  if (typing == Typing::missing_letter) letters.erase(place);
  if (typing == Typing::doubled_letter) letters.insert(place, letters[at]);
  return joined(letters);
}

std::string in_capitals(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

std::string_view language_tag(Tongue tongue) { return lexicon_of(tongue).tag; }
std::string_view country_of(Tongue tongue) { return lexicon_of(tongue).country; }

PersonName made_name(Random& random, Tongue tongue) {
  if (tongue == Tongue::chinese) return chinese_name(random);
  const Lexicon& lexicon = lexicon_of(tongue);
  PersonName name{
      tongue, std::string(pick(random, lexicon.families)), std::string(pick(random, lexicon.given)), {}, {}};
  const bool two_families = tongue == Tongue::spanish || tongue == Tongue::portuguese;
  if (two_families) name.family += ' ' + std::string(pick(random, lexicon.families));
  if (random.below(4) == 0) name.given += ' ' + std::string(pick(random, lexicon.given));
  name.family_latin = without_marks(name.family);
  name.given_latin = without_marks(name.given);
  return name;
}

std::string made_firm(Random& random, Tongue tongue) {
  const Lexicon& lexicon = lexicon_of(tongue);
  const std::string town(pick(random, lexicon.towns)), firm(pick(random, lexicon.firms));
  const std::string form(pick(random, lexicon.forms));
  return tongue == Tongue::chinese ? town + firm + form : firm + ' ' + town + ' ' + form;
}

std::string_view made_town(Random& random, Tongue tongue) { return pick(random, lexicon_of(tongue).towns); }

std::string made_street(Random& random, Tongue tongue) {
  const std::string street(pick(random, lexicon_of(tongue).streets));
  const std::string number = std::to_string(1 + random.below(180));
  if (tongue == Tongue::chinese) return street + number + "号";
  const bool before = tongue == Tongue::english || tongue == Tongue::french;
  return before ? number + ' ' + street : street + ' ' + number;
}

std::string made_digits(Random& random, std::size_t count) {
  std::string text(1, static_cast<char>('2' + random.below(8)));
  while (text.size() < count) text += static_cast<char>('0' + random.below(10));
  return text;
}

std::string made_postal_code(Random& random, Tongue tongue) {
  if (tongue == Tongue::english)
    return "LS" + std::to_string(1 + random.below(28)) + ' ' + made_digits(random, 1) + "AB";
  const std::string first = made_digits(random, tongue == Tongue::portuguese ? 4 : 5);
  if (tongue == Tongue::portuguese) return first + '-' + made_digits(random, 3);
  return tongue == Tongue::chinese ? first + '0' : first;
}

std::string written(const PersonName& name) {
  return name.tongue == Tongue::chinese ? name.family + name.given : name.given + ' ' + name.family;
}

std::string_view name_of(Typing typing) {
  static constexpr std::string_view names[typing_count] = {"same",    "transposed", "missing_letter", "doubled_letter",
                                                           "swapped", "capitals",   "initial",        "latin"};
  return names[static_cast<std::size_t>(typing)];
}

std::string typed(const PersonName& name, Typing typing, Random& random) {
  const std::string latin = name.given_latin + ' ' + name.family_latin;
  switch (typing) {
    case Typing::same:
      return written(name);
    case Typing::swapped:
      return name.tongue == Tongue::chinese ? name.given + name.family : name.family + ' ' + name.given;
    case Typing::capitals:
      return in_capitals(latin);
    case Typing::initial:
      return name.given_latin.substr(0, 1) + ". " + name.family_latin;
    case Typing::latin:
      return latin;
    default:
      break;
  }
  // Slips are of Latin letters: a Chinese name is typed in characters that are chosen, so in pinyin here.
  return slipped(name.tongue == Tongue::chinese ? latin : written(name), typing, random);
}

std::string typed(const std::string& firm, Typing typing, Random& random) {
  if (typing == Typing::capitals || typing == Typing::initial) return in_capitals(firm);
  return slipped(firm, typing, random);
}

}  // namespace emptor
