#include "session/subject_keys.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "core/hex.hpp"
#include "core/varint.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/system.hpp"
#include "model/row_codec.hpp"

namespace emptor {
namespace {

Secret secret_from(std::string_view text) {
  const std::optional<std::string> bytes = from_hex(text);
  Secret secret;
  if (!bytes || bytes->size() != secret.size()) throw Error(Code::corrupt, "the store's salt is damaged");
  std::memcpy(secret.data(), bytes->data(), secret.size());
  return secret;
}

std::string_view bytes_of(const Secret& secret) {
  return {reinterpret_cast<const char*>(secret.data()), secret.size()};
}

const Entity& key_entity(Reader& reader) { return reader.schema()->entity(SubjectKey::entity_name); }

void append_fixed(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

struct SealKey {
  std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_KEYBYTES> key;
  std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce{};
};

SealKey seal_key(const Secret& secret, const Entity& entity, Id id, std::int64_t version) {
  SealKey seal;
  constexpr std::string_view purpose = "emptor journal seal";
  crypto_generichash(seal.key.data(), seal.key.size(), reinterpret_cast<const unsigned char*>(purpose.data()),
                     purpose.size(), reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
  std::string nonce;
  append_fixed(nonce, static_cast<std::uint64_t>(version), 8);
  append_fixed(nonce, static_cast<std::uint64_t>(id.value), 8);
  append_fixed(nonce, entity.number, 2);
  std::memcpy(seal.nonce.data(), nonce.data(), nonce.size());
  return seal;
}

std::string encrypt(const SealKey& seal, std::string_view plain) {
  std::string sealed(plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(sealed.data()), nullptr,
                                             reinterpret_cast<const unsigned char*>(plain.data()), plain.size(),
                                             nullptr, 0, nullptr, seal.nonce.data(), seal.key.data());
  return sealed;
}

std::string decrypt(const SealKey& seal, std::string_view sealed) {
  if (sealed.size() < crypto_aead_xchacha20poly1305_ietf_ABYTES)
    throw Error(Code::corrupt, "a sealed value is cut short");
  std::string plain(sealed.size() - crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  const int failed =
      crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr,
                                                 reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size(),
                                                 nullptr, 0, seal.nonce.data(), seal.key.data());
  if (failed != 0) throw Error(Code::corrupt, "a sealed value of the journal does not open with its key");
  return plain;
}

}  // namespace

void SubjectKeys::create(Writer& writer, std::span<const Id> customers) { draw(writer, customers, 0); }

void SubjectKeys::renew(Writer& writer, std::span<const Id> customers, std::int64_t since) {
  draw(writer, customers, since);
}

void SubjectKeys::draw(Writer& writer, std::span<const Id> customers, std::int64_t since) {
  if (customers.empty()) return;
  const Entity& entity = key_entity(writer);
  const FieldNumber secret_field = entity.field("secret").number, since_field = entity.field("since").number;
  const std::size_t width = entity.fields.size();
  std::vector<Secret> secrets(customers.size());
  entropy_(std::as_writable_bytes(std::span(secrets)));
  std::vector<Value> values(width * customers.size());
  std::vector<Row> rows;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    Value* row = values.data() + i * width;
    row[system_field::id] = Value(customers[i]);
    row[secret_field] = Value::bytes(bytes_of(secrets[i]));
    if (since != 0) row[since_field] = Value(since);
    rows.emplace_back(row, width);
    keep(customers[i], {secrets[i], since});
  }
  writer.put(entity, rows, since == 0);
}

void SubjectKeys::load(Reader& reader, std::span<const Id> customers) {
  std::vector<Id> wanted;
  for (const Id customer : customers)
    if (customer && find(customer) == nullptr) wanted.push_back(customer);
  if (wanted.empty()) return;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  const Entity& entity = key_entity(reader);
  Batch batch;
  reader.get(entity, wanted, batch);
  const FieldNumber secret_field = entity.field("secret").number, since_field = entity.field("since").number;
  for (std::size_t i = 0; i < batch.rows(); ++i) {
    const std::string_view bytes = batch.columns[secret_field].value(i).text();
    const Value since = batch.columns[since_field].value(i);
    Known known;
    if (bytes.size() != known.secret.size()) continue;
    std::memcpy(known.secret.data(), bytes.data(), known.secret.size());
    if (since.present()) known.since = since.integer();
    keep(wanted[i], known);
  }
}

const SubjectKeys::Known* SubjectKeys::known(Reader& reader, Id customer) {
  if (const Known* at_hand = find(customer)) return at_hand;
  if (customer) {
    load(reader, std::span(&customer, 1));
  } else if (const std::string salt = reader.setting(salt_setting); !salt.empty()) {
    keep(no_id, {secret_from(salt)});
  }
  return find(customer);
}

const Secret* SubjectKeys::of(Reader& reader, Id customer) {
  const Known* found = known(reader, customer);
  return found == nullptr ? nullptr : &found->secret;
}

const Secret* SubjectKeys::opening(Reader& reader, Id customer, std::int64_t version) {
  const Known* found = known(reader, customer);
  return found == nullptr || version < found->since ? nullptr : &found->secret;
}

void SubjectKeys::prepare(Writer& writer) {
  if (of(writer, no_id) != nullptr) return;
  Secret salt;
  entropy_(std::span(salt));
  writer.set_setting(salt_setting, to_hex(bytes_of(salt)));
  keep(no_id, {salt});
}

const SubjectKeys::Known* SubjectKeys::find(Id customer) const {
  const auto found = secrets_.find(customer.value);
  return found == secrets_.end() ? nullptr : &found->second;
}

void SubjectKeys::keep(Id customer, const Known& known) {
  if (secrets_.size() >= most_kept) secrets_.clear();
  secrets_.insert_or_assign(customer.value, known);
}

StateDigest state_digest(const Secret& secret, const Entity& entity, Row row, std::string& scratch) {
  scratch.assign(bytes_of(secret));
  append_fixed(scratch, entity.number, 2);
  append_fixed(scratch, static_cast<std::uint64_t>(row[system_field::id].id().value), 8);
  encode_row(entity, row, scratch, system_field::deleted_at);
  StateDigest digest;
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(scratch.data()), scratch.size(), nullptr, 0);
  return digest;
}

std::string seal_difference(const Secret& secret, const Entity& entity, Row after, Row before, std::int64_t version) {
  std::string plain, personal, out;
  encode_difference(entity, after, before, plain, system_field::deleted_at, FieldChoice::plain);
  encode_difference(entity, after, before, personal, system_field::deleted_at, FieldChoice::personal);
  append_sized(out, plain);
  if (!personal.empty()) out += encrypt(seal_key(secret, entity, after[system_field::id].id(), version), personal);
  return out;
}

void apply_sealed(const Secret* secret, const Entity& entity, Id id, std::int64_t version, std::string_view difference,
                  std::vector<Value>& row, Arena& text) {
  ByteReader bytes(difference);
  apply_difference(entity, text.keep(bytes.sized()), row);
  const std::string_view sealed = bytes.bytes(bytes.left());
  if (sealed.empty()) return;
  if (secret != nullptr) {
    apply_difference(entity, text.keep(decrypt(seal_key(*secret, entity, id, version), sealed)), row);
    return;
  }
  for (const Field& field : entity.fields)
    if (field.has(field_flag::personal)) row[field.number] = Value();
}

std::vector<FieldNumber> fields_of_sealed(const Secret* secret, const Entity& entity, Id id, std::int64_t version,
                                          std::string_view difference) {
  std::vector<FieldNumber> fields;
  ByteReader bytes(difference);
  list_difference(entity, bytes.sized(), fields);
  const std::string_view sealed = bytes.bytes(bytes.left());
  if (sealed.empty() || secret == nullptr) return fields;
  list_difference(entity, decrypt(seal_key(*secret, entity, id, version), sealed), fields);
  std::ranges::sort(fields);
  return fields;
}

}  // namespace emptor
