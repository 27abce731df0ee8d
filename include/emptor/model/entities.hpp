/// Every entity of the domain model.
#pragma once

#include "emptor/model/access.hpp"
#include "emptor/model/agreement.hpp"
#include "emptor/model/deal.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/marketing.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/pool.hpp"
#include "emptor/model/sales.hpp"
#include "emptor/model/service.hpp"
#include "emptor/model/system.hpp"
#include "emptor/model/touch.hpp"
#include "emptor/model/workflow.hpp"
