/// What every fit by maximum likelihood keeps, in the payload of its model.
#pragma once

#include <cmath>

#include "emptor/mine/fit_end.hpp"
#include "mine/newton_fit.hpp"
#include "mine/payload.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {

template <class Model>
void take_fit(Model& model, NewtonFit fit) {
  model.parameters = std::move(fit.parameters);
  model.covariance = std::move(fit.covariance);
  model.log_likelihood = fit.value;
  model.certificate = fit.certificate;
  model.end = fit.end;
  model.rounds = fit.rounds;
}

template <class Model>
void append_fit(std::string& out, const Model& model) {
  append_varint(out, model.options.rounds);
  append_doubles(out, model.options.start);
  append_doubles(out, model.parameters);
  append_doubles(out, model.covariance);
  append_double(out, model.log_likelihood);
  append_double(out, model.certificate);
  append_varint(out, static_cast<std::uint64_t>(model.end));
  append_varint(out, model.rounds);
  append_varint(out, model.rows);
  append_double(out, model.customers);
}

/// How many parameters a fit has: those above 0, which come first, and all.
struct FitShape {
  std::size_t positive, all;
  FitShape(std::size_t of_both) : positive(of_both), all(of_both) {}
  FitShape(std::size_t those_above_0, std::size_t together) : positive(those_above_0), all(together) {}
};

template <class Model>
void read_fit(ByteReader& reader, Model& model, FitShape shape) {
  model.options.rounds = reader.varint();
  model.options.start = read_doubles(reader);
  model.parameters = read_doubles(reader);
  model.covariance = read_doubles(reader);
  model.log_likelihood = read_double(reader);
  model.certificate = read_double(reader);
  const std::uint64_t end = reader.varint();
  model.end = static_cast<FitEnd>(end);
  model.rounds = reader.varint();
  model.rows = reader.varint();
  model.customers = read_double(reader);
  expect(end <= static_cast<std::uint64_t>(FitEnd::rounds) && model.parameters.size() == shape.all);
  expect(model.options.start.empty() || model.options.start.size() == shape.positive);
  expect(model.covariance.empty() || model.covariance.size() == triangle_size(shape.all));
  const bool plain = shape.all > shape.positive;  // then those above 0 are of a customer who may be none of the fit's
  for (std::size_t i = 0; i < shape.all; ++i) {
    const double value = model.parameters[i];
    expect(std::isfinite(value) && (i >= shape.positive || (plain ? value > 0 : value >= 1e-12 && value <= 1e12)));
  }
}

}  // namespace emptor::mine
