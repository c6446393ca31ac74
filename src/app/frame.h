// What every page has: navigation by role, who is signed in, csrf, flash, links of the footer.
// Filled once, here.
#pragma once

#include "http/context.h"
#include "http/dispatch.h"

namespace cstims {

Response frame_page(const Context& context, std::string_view view, const Message& title,
                    const Fill& fill, int status);

/// The page of a failure, in the frame.
Response frame_error(const Context& context, const ErrorPage& error);

/// "/client", "/helpdesk", "/accountant" or "/admin".
std::string_view home_of(Role role);

}  // namespace cstims
