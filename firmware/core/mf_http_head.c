/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_http_private.h"

#define DIGITS_MAX 19u /* of a number that fits in 64 bits for certain */
#define HEX_DIGITS_MAX 15u

static char
lower (char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Whether `text`, of that size, is `name`, which is in lower case. */
static bool
is (const char *text, size_t size, const char *name)
{
  size_t at;

  if (strlen (name) != size)
    return false;
  for (at = 0; at < size; at++)
    if (lower (text[at]) != name[at])
      return false;
  return true;
}

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static bool
is_letter (char c)
{
  return lower (c) >= 'a' && lower (c) <= 'z';
}

/* RFC 9110, section 5.6.2. */
static bool
is_token (char c)
{
  static const char others[] = "!#$%&'*+-.^_`|~";
  size_t            at;

  for (at = 0; at < sizeof others - 1; at++)
    if (c == others[at])
      return true;
  return is_digit (c) || is_letter (c);
}

/* Takes a number off the beginning of `text`. False: there is none, or it is too large. */
static bool
take_number (const char **text, uint64_t *number)
{
  const char *begin = *text;

  *number = 0;
  for (; is_digit (**text); ++*text)
    {
      if (*text - begin >= (ptrdiff_t)DIGITS_MAX)
        return false;
      *number = *number * 10 + (uint64_t)(**text - '0');
    }
  return *text > begin;
}

/* --- URLs --- */

/* The host is a name or an address of IPv4. */
static size_t
take_host (struct mf_http_target *self, const char *text)
{
  size_t size = 0;

  while (is_letter (text[size]) || is_digit (text[size]) || text[size] == '.' || text[size] == '-')
    {
      if (size + 1 == sizeof self->host)
        return 0;
      self->host[size] = text[size];
      size++;
    }
  self->host[size] = '\0';
  return size;
}

static bool
take_port (struct mf_http_target *self, const char **text)
{
  uint64_t port;

  self->port_text = *text;
  self->port_size = 0;
  if (**text != ':')
    return true;
  ++*text;
  if (!take_number (text, &port) || port == 0 || port > UINT16_MAX)
    return false;
  self->port = (uint16_t)port;
  self->port_size = (size_t)(*text - self->port_text);
  return true;
}

/* What goes into a request as it is: visible, and no fragment. */
static bool
is_path (const char *text)
{
  if (*text != '\0' && *text != '/')
    return false;
  for (; *text != '\0'; text++)
    if (*text <= ' ' || *text > '~' || *text == '#')
      return false;
  return true;
}

bool
mf_http_parse_url (struct mf_http_target *self, const char *url, bool tls)
{
  const char *scheme = tls ? "https://" : "http://", *rest = url + strlen (scheme);
  size_t      host;

  if (strncmp (url, scheme, strlen (scheme)) != 0)
    return false;
  host = take_host (self, rest);
  rest += host;
  self->port = tls ? 443 : 80;
  if (host == 0 || !take_port (self, &rest))
    return false;
  self->path = rest;
  return is_path (rest);
}

/* --- responses --- */

bool
mf_http_parse_status (struct mf_http_head *self, const char *line)
{
  uint64_t status;

  if (strncmp (line, "HTTP/1.", 7) != 0 || !is_digit (line[7]) || line[8] != ' ')
    return false;
  memset (self, 0, sizeof *self);
  self->closes = line[7] == '0';
  line += 9;
  if (!take_number (&line, &status) || status < 100 || status > 599 ||
      (*line != ' ' && *line != '\0'))
    return false;
  self->status = (unsigned)status;
  return true;
}

static bool
take_length (struct mf_http_head *self, const char *value)
{
  if (self->has_length || !take_number (&value, &self->length) || *value != '\0')
    return false;
  self->has_length = true;
  return true;
}

/* RFC 9110, section 14.4. */
static bool
take_range (struct mf_http_head *self, const char *value)
{
  uint64_t whole = UINT64_MAX;

  if (self->has_range || !is (value, strlen (value) < 6 ? 0 : 6, "bytes "))
    return false;
  value += 6;
  if (*value == '*') /* there is none; beside the file's range it is one too many */
    return true;
  if (!take_number (&value, &self->first) || *value++ != '-' ||
      !take_number (&value, &self->last) || *value++ != '/' ||
      (*value == '*' ? *++value != '\0' : !take_number (&value, &whole) || *value != '\0') ||
      self->first > self->last || self->last >= whole)
    return false;
  self->has_range = true;
  return true;
}

/* The words of a list, of which one is of interest. */
static void
take_connection (struct mf_http_head *self, const char *value)
{
  while (*value != '\0')
    {
      size_t size = 0;

      while (is_token (value[size]))
        size++;
      if (is (value, size, "close"))
        self->closes = true;
      value += size > 0 ? size : 1;
    }
}

static bool
take_coding (struct mf_http_head *self, const char *value)
{
  if (self->is_chunked || !is (value, strlen (value), "chunked"))
    return false;
  self->is_chunked = true;
  return true;
}

/* Cuts the blanks around a value away. */
static char *
trim (char *value)
{
  size_t size;

  while (*value == ' ' || *value == '\t')
    value++;
  for (size = strlen (value); size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t');)
    value[--size] = '\0';
  return value;
}

bool
mf_http_parse_field (struct mf_http_head *self, char *line, bool is_cut)
{
  static const char *const known[] = { "content-length", "content-range", "transfer-encoding",
                                       "connection", "content-encoding" };
  size_t                   size = 0, which = 0;
  char                    *value;

  while (is_token (line[size]))
    size++;
  if (size == 0 || line[size] != ':')
    return false;
  while (which < sizeof known / sizeof *known && !is (line, size, known[which]))
    which++;
  if (which == sizeof known / sizeof *known)
    return true;
  if (is_cut)
    return false;
  value = trim (line + size + 1);
  if (which == 0)
    return take_length (self, value);
  if (which == 1)
    return take_range (self, value);
  if (which == 2)
    return take_coding (self, value);
  if (which == 3)
    take_connection (self, value);
  else
    self->is_coded |= !is (value, strlen (value), "identity");
  return true;
}

/* RFC 9112, section 7.1; extensions are passed over. */
bool
mf_http_parse_chunk_size (uint64_t *size, const char *line, bool is_cut)
{
  size_t at;

  *size = 0;
  for (at = 0; is_digit (line[at]) || (lower (line[at]) >= 'a' && lower (line[at]) <= 'f'); at++)
    {
      char c = lower (line[at]);

      if (at == HEX_DIGITS_MAX)
        return false;
      *size = *size << 4 | (uint64_t)(is_digit (c) ? c - '0' : c - 'a' + 10);
    }
  while (line[at] == ' ' || line[at] == '\t')
    at++;
  return at > 0 && line[0] != ' ' && line[0] != '\t' &&
         (line[at] == ';' || (line[at] == '\0' && !is_cut));
}
