// Invoices to come, drawn alike on the simulator's, the client's and the staff's pages: each line
// opens to say why it is that much.
#pragma once

#include <string_view>
#include <vector>

#include "html/renderer.h"
#include "invoice/billing_simulation.h"

namespace cstims {

/// Fills `{{>NAME}}` with views/invoice/_simulated.html, where there is any.
void fill_simulated(Dictionary& page, std::string_view name,
                    const std::vector<SimulatedInvoice>& invoices, const Renderer& renderer,
                    bool with_clients);

}  // namespace cstims
