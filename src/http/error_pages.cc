#include "http/error_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <new>

#include "base/log.h"
#include "http/headers.h"
#include "http/request_refused.h"

namespace cstims {
namespace {

struct StatusText {
  int status;
  std::string_view phrase;  // RFC 9110 §15
  Message title;
  Message sentence;
};

const StatusText& status_text(int status) {
  static const std::array texts{
      StatusText{400, "Bad Request", message("Bad request"),
                 message("The request could not be understood. Please go back and try again.")},
      StatusText{
          403, "Forbidden", message("Not allowed"),
          message("You may not do this. If you sent a form, reload its page and try again.")},
      StatusText{404, "Not Found", message("Not found"),
                 message("There is nothing at this address, or nothing you may see.")},
      StatusText{405, "Method Not Allowed", message("Not possible"),
                 message("This address does not take that kind of request.")},
      StatusText{408, "Request Timeout", message("Too slow"),
                 message("The request took too long to arrive. Please try again.")},
      StatusText{409, "Conflict", message("Changed meanwhile"),
                 message("Somebody else changed this meanwhile. Reload the page and try again.")},
      StatusText{
          413, "Content Too Large", message("Too large"),
          message("What you sent is too large: files may have 10 MiB each, 25 MiB together.")},
      StatusText{414, "URI Too Long", message("Address too long"),
                 message("The address is too long.")},
      StatusText{415, "Unsupported Media Type", message("Unknown kind of content"),
                 message("Only forms are taken here.")},
      StatusText{417, "Expectation Failed", message("Bad request"),
                 message("The request expects something that is not done here.")},
      StatusText{421, "Misdirected Request", message("Wrong address"),
                 message("This site is not served under that name.")},
      StatusText{429, "Too Many Requests", message("Too many tries"),
                 message("That was too often in a short time. Please wait a while.")},
      StatusText{431, "Request Header Fields Too Large", message("Bad request"),
                 message("The request's header is too large. Deleting cookies may help.")},
      StatusText{500, "Internal Server Error", message("Something went wrong"),
                 message("The mistake is ours and was logged. Please try again later.")},
      StatusText{501, "Not Implemented", message("Not possible"),
                 message("This kind of request is not known here.")},
      StatusText{503, "Service Unavailable", message("Busy"),
                 message("Too much is going on right now. Please try again in a moment.")},
      StatusText{505, "HTTP Version Not Supported", message("Bad request"),
                 message("Only HTTP/1.1 is spoken here.")},
      StatusText{507, "Insufficient Storage", message("No room"),
                 message("There is no room for this on the server right now.")},
  };
  const auto found = std::ranges::find(texts, status, &StatusText::status);
  if (found != texts.end()) return *found;
  return *std::ranges::find(texts, status < 500 ? 400 : 500, &StatusText::status);
}

struct Judged {
  int status = 500;
  int retry_after = 0;
  std::string what;
};

Judged judged(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const NotFound& found) {
    return {404, 0, found.what()};
  } catch (const BadRequest& found) {
    return {400, 0, found.what()};
  } catch (const Forbidden& found) {
    return {403, 0, found.what()};
  } catch (const Conflict& found) {
    return {409, 0, found.what()};
  } catch (const Overload& found) {
    return {found.persons_fault ? 429 : 503, std::max(1, found.retry_after_seconds), found.what()};
  } catch (const RequestRefused& found) {
    return {found.status, 0, found.what()};
  } catch (const std::bad_alloc&) {
    return {503, 5, "out of memory"};
  } catch (const std::exception& found) {
    return {500, 0, found.what()};
  } catch (...) {
    return {500, 0, "something that is no exception"};
  }
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 422:
      return "Unprocessable Content";
    default:
      return status < 400 ? "OK" : status_text(status).phrase;
  }
}

bool is_known_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> known{"GET",    "HEAD",  "POST",   "PUT",
                                                  "DELETE", "PATCH", "OPTIONS"};
  return std::ranges::find(known, method) != known.end();
}

Response plain_error(int status, std::string_view request_id, bool https) {
  const StatusText& text = status_text(status);
  Response response =
      Response::html(fmt::format("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                                 "<title>{0}</title></head><body><main><h1>{0}</h1><p>{1}</p>"
                                 "<p>Request {2}</p></main></body></html>\n",
                                 text.title.english(), text.sentence.english(), request_id),
                     status);
  response.add("Cache-Control", "no-store");
  if (status == 503 || status == 429) response.add("Retry-After", "2");
  add_security_headers(response, {.https = https});
  return response;
}

Response error_page(const Parts& parts, const Context& context, int status) {
  const StatusText& text = status_text(status);
  const std::string& id = context.request.id;
  if (parts.error_page) {
    try {
      return parts.error_page(context, {status, text.title, text.sentence, id});
    } catch (const std::exception& failure) {
      log_error("the error page failed", {{"request", id}, {"error", failure.what()}});
    }
  }
  return plain_error(status, id, context.site().https());
}

Response failure_page(const Parts& parts, const Context& context, std::exception_ptr failure) {
  const Judged found = judged(failure);
  const Request& request = context.request;
  const auto log = found.status >= 500 ? log_error : log_info;
  log(found.status >= 500 ? "request failed" : "request refused",
      {{"request", request.id},
       {"status", std::to_string(found.status)},
       {"method", request.method},
       {"path", request.path},
       {"error", found.what}});
  Response response = error_page(parts, context, found.status);
  if (found.retry_after > 0) {
    std::erase_if(response.headers,
                  [](const auto& header) { return header.first == "Retry-After"; });
    response.add("Retry-After", std::to_string(found.retry_after));
  }
  return response;
}

}  // namespace cstims
