/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_sparkplug.h"
#include "mf_text.h"

/* A reader of the one JSON object a host sends. Nested values are stepped over, to a depth. */

#define DEPTH_MAX 8

struct json
{
  const uint8_t *at;
  const uint8_t *end;
};

static int
peek (struct json *json)
{
  while (json->at < json->end &&
         (*json->at == ' ' || *json->at == '\t' || *json->at == '\n' || *json->at == '\r'))
    json->at++;
  return json->at < json->end ? *json->at : -1;
}

static bool
take (struct json *json, int character)
{
  if (peek (json) != character)
    return false;
  json->at++;
  return true;
}

static bool
take_word (struct json *json, const char *word)
{
  size_t size = strlen (word);

  if ((size_t)(json->end - json->at) < size || memcmp (json->at, word, size) != 0)
    return false;
  json->at += size;
  return true;
}

/* Text with its escapes left as they are: none of the names that matter has any. */
static bool
take_string (struct json *json, struct mf_bytes *text)
{
  if (!take (json, '"'))
    return false;
  text->data = json->at;
  for (; json->at < json->end && *json->at != '"'; json->at++)
    {
      if (*json->at < 0x20)
        return false;
      if (*json->at == '\\' && ++json->at == json->end)
        return false;
    }
  if (json->at == json->end)
    return false;
  text->size = (size_t)(json->at - text->data);
  json->at++;
  return true;
}

static bool
take_integer (struct json *json, uint64_t *value)
{
  const uint8_t *start;

  peek (json);
  start = json->at;
  for (*value = 0; json->at < json->end && *json->at >= '0' && *json->at <= '9'; json->at++)
    {
      if (*value > (UINT64_MAX - 9) / 10)
        return false;
      *value = *value * 10 + (uint64_t)(*json->at - '0');
    }
  return json->at > start;
}

static bool
is_number_part (uint8_t byte)
{
  return (byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == '.' || byte == 'e' ||
         byte == 'E';
}

static bool
skip_number (struct json *json)
{
  const uint8_t *start = json->at;

  while (json->at < json->end && is_number_part (*json->at))
    json->at++;
  return json->at > start;
}

static bool skip_value (struct json *json, int depth);

static bool
skip_items (struct json *json, int close, bool named, int depth)
{
  struct mf_bytes name;

  if (take (json, close))
    return true;
  do
    if ((named && (!take_string (json, &name) || !take (json, ':'))) ||
        !skip_value (json, depth + 1))
      return false;
  while (take (json, ','));
  return take (json, close);
}

static bool
skip_value (struct json *json, int depth)
{
  struct mf_bytes text;

  if (depth > DEPTH_MAX)
    return false;
  switch (peek (json))
    {
    case '"':
      return take_string (json, &text);
    case '{':
      json->at++;
      return skip_items (json, '}', true, depth);
    case '[':
      json->at++;
      return skip_items (json, ']', false, depth);
    case 't':
      return take_word (json, "true");
    case 'f':
      return take_word (json, "false");
    case 'n':
      return take_word (json, "null");
    default:
      return skip_number (json);
    }
}

static bool
is_name (struct mf_bytes text, const char *name)
{
  return text.size == strlen (name) && memcmp (text.data, name, text.size) == 0;
}

static bool
take_boolean (struct json *json, bool *value)
{
  peek (json);
  *value = take_word (json, "true");
  return *value || take_word (json, "false");
}

bool
mf_sparkplug_state (struct mf_bytes bytes, bool *online, uint64_t *time_ms)
{
  struct json     json = { bytes.data, bytes.data };
  bool            has_online = false, has_time = false, good;
  struct mf_bytes name;

  if (bytes.size == 0) /* there may be no address to count from */
    return false;
  json.end += bytes.size;
  if (!take (&json, '{'))
    return false;
  do
    {
      if (!take_string (&json, &name) || !take (&json, ':'))
        return false;
      if (is_name (name, "online"))
        good = has_online = take_boolean (&json, online);
      else if (is_name (name, "timestamp"))
        good = has_time = take_integer (&json, time_ms);
      else
        good = skip_value (&json, 0);
      if (!good)
        return false;
    }
  while (take (&json, ','));
  return take (&json, '}') && peek (&json) == -1 && has_online && has_time;
}
