/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-serials"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-serials.h"

/* Fit into 64 bits, with room to count. */
#define MAX_DIGITS 18
/* Of a group as it is quoted in a message, in characters. */
#define QUOTE_LENGTH 40

/* --- the number at the end --- */

/* Where the digits that are counted begin: the length of SERIAL where it ends in none. */
static gsize
find_number (const char *serial, gsize length)
{
  gsize begin = length;

  while (begin > 0 && length - begin < MAX_DIGITS && g_ascii_isdigit (serial[begin - 1]))
    begin--;
  return begin;
}

static guint64
read_number (const char *digits, gsize length)
{
  guint64 number = 0;

  for (gsize i = 0; i < length; i++)
    number = number * 10 + (digits[i] - '0');
  return number;
}

/* A serial number that is counted up: what precedes the number, and how wide that is. */
typedef struct
{
  const char *prefix;
  gsize       prefix_length;
  guint64     number;
  int         width;
} Counter;

/* FALSE where the LENGTH bytes at SERIAL do not end in a digit. SERIAL is borrowed. */
static gboolean
counter_init (Counter *self, const char *serial, gsize length)
{
  gsize begin = find_number (serial, length);

  *self = (Counter){ .prefix = serial, .prefix_length = begin, .width = length - begin };
  self->number = read_number (serial + begin, length - begin);
  return begin < length;
}

/* NULL where a digit more is needed than there is room for. */
static char *
counter_format (const Counter *self)
{
  g_autofree char *digits = g_strdup_printf ("%0*" G_GUINT64_FORMAT, self->width, self->number);

  /* What precedes is digits too, of a number too long to be counted in one piece. */
  if (strlen (digits) > (gsize)self->width && self->width == MAX_DIGITS)
    return NULL;
  return g_strdup_printf ("%.*s%s", (int)self->prefix_length, self->prefix, digits);
}

char *
muster_serials_next (const char *serial)
{
  Counter counter;

  g_return_val_if_fail (serial != NULL, NULL);

  if (!counter_init (&counter, serial, strlen (serial)))
    return NULL;
  counter.number++;
  return counter_format (&counter);
}

int
muster_serials_compare (const char *a, const char *b)
{
  Counter first, second;
  int     order;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  counter_init (&first, a, strlen (a));
  counter_init (&second, b, strlen (b));
  order = strncmp (a, b, MIN (first.prefix_length, second.prefix_length));
  if (order == 0 && first.prefix_length != second.prefix_length)
    order = first.prefix_length < second.prefix_length ? -1 : 1;
  if (order == 0)
    order = (first.number > second.number) - (first.number < second.number);
  return order != 0 ? order : strcmp (a, b);
}

gboolean
muster_serials_needs_highest (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return strchr (text, '~') != NULL;
}

/* --- expanding --- */

typedef struct
{
  GPtrArray         *serials; /* (element-type utf8) */
  GHashTable        *seen;    /* those in `serials` */
  char              *highest; /* (owned) (nullable): on which `~` goes on */
  unsigned           quantity;
  const char        *pointer;
  MusterFieldErrors *errors;
} Expansion;

static void
expansion_clear (Expansion *self)
{
  g_ptr_array_unref (self->serials);
  g_hash_table_unref (self->seen);
  g_free (self->highest);
  muster_field_errors_free (self->errors);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Expansion, expansion_clear)

static gboolean
expansion_is_full (Expansion *self)
{
  if (self->serials->len < MUSTER_SERIALS_MAX)
    return FALSE;
  muster_field_errors_add (self->errors, self->pointer, "are more than %d: enter them in parts",
                           MUSTER_SERIALS_MAX);
  return TRUE;
}

/* What of the group is shown. */
static char *
quote (const char *group)
{
  return g_utf8_strlen (group, -1) > QUOTE_LENGTH ? g_utf8_substring (group, 0, QUOTE_LENGTH)
                                                  : g_strdup (group);
}

/* Takes SERIAL. */
static gboolean
expansion_add (Expansion *self, char *serial)
{
  g_autofree char *owned = serial;

  if (expansion_is_full (self))
    return FALSE;
  if (*serial == '\0' || g_utf8_strlen (serial, -1) > MUSTER_SERIAL_MAX_LENGTH)
    {
      g_autofree char *shown = quote (serial);

      muster_field_errors_add (self->errors, self->pointer, "“%s” must be 1 to %d characters",
                               shown, MUSTER_SERIAL_MAX_LENGTH);
      return FALSE;
    }
  if (g_hash_table_contains (self->seen, serial))
    {
      muster_field_errors_add (self->errors, self->pointer, "%s occurs twice", serial);
      return FALSE;
    }
  g_hash_table_add (self->seen, serial);
  g_ptr_array_add (self->serials, g_steal_pointer (&owned));
  return TRUE;
}

/* COUNT serial numbers from COUNTER on, of the group GROUP. */
static gboolean
expansion_count (Expansion *self, Counter counter, guint64 count, const char *group)
{
  for (guint64 i = 0; i < count; i++, counter.number++)
    {
      char *serial = counter_format (&counter);

      if (serial == NULL)
        {
          g_autofree char *shown = quote (group);

          muster_field_errors_add (self->errors, self->pointer, "“%s” runs out of digits", shown);
          return FALSE;
        }
      if (!expansion_add (self, serial))
        return FALSE;
    }
  return TRUE;
}

/* The number that TEXT is, up to one more than may be; FALSE where it is none. */
static gboolean
read_count (const char *text, guint64 *count)
{
  gsize length = strlen (text);

  if (length == 0 || strspn (text, "0123456789") != length)
    return FALSE;
  *count =
    length > 9 ? MUSTER_SERIALS_MAX + 1 : MIN (read_number (text, length), MUSTER_SERIALS_MAX + 1);
  return TRUE;
}

/* How many are still wanted, at least one. */
static guint64
expansion_get_rest (Expansion *self)
{
  return self->quantity > self->serials->len ? self->quantity - self->serials->len : 1;
}

static gboolean
expansion_refuse (Expansion *self, const char *group, const char *detail)
{
  g_autofree char *shown = quote (group);

  muster_field_errors_add (self->errors, self->pointer, "“%s” %s", shown, detail);
  return FALSE;
}

/* "START+3", "START+", "START*3", the sign at SIGN; START may be `~`. IS (out): whether it is that
 * at all. */
static gboolean
expansion_add_counted (Expansion *self, const char *group, const char *sign, gboolean *is)
{
  g_autofree char *start = g_strndup (group, sign - group);
  guint64          count = 0;
  Counter          counter;

  if (g_str_equal (start, "~"))
    {
      char *next = self->highest != NULL ? muster_serials_next (self->highest) : g_strdup ("1");

      if (next == NULL)
        return expansion_refuse (self, self->highest,
                                 "has no number at its end: enter the first serial number in full");
      g_free (start);
      start = next;
    }
  *is = counter_init (&counter, start, strlen (start));
  if (!*is)
    return FALSE;
  if (*sign == '+' && sign[1] == '\0')
    count = expansion_get_rest (self);
  else if (!read_count (sign + 1, &count))
    {
      *is = FALSE;
      return FALSE;
    }
  else if (*sign == '+')
    count++;
  if (count == 0)
    return expansion_refuse (self, group, "is no serial number at all: begin with 1");
  return expansion_count (self, counter, count, group);
}

/* The last of a range that begins with COUNTER, of the LENGTH bytes at END: digits, or what
 * precedes the number and digits. */
static gboolean
read_end (const Counter *counter, const char *end, guint64 *last)
{
  gsize length = strlen (end);

  if (counter->prefix_length > 0 && length > counter->prefix_length &&
      strncmp (end, counter->prefix, counter->prefix_length) == 0)
    {
      end += counter->prefix_length;
      length -= counter->prefix_length;
    }
  if (length == 0 || length > MAX_DIGITS || strspn (end, "0123456789") != length)
    return FALSE;
  *last = read_number (end, length);
  return TRUE;
}

/* A range at any of the hyphens, the last one first. IS (out): whether there is one. */
static gboolean
expansion_add_range (Expansion *self, const char *group, gboolean *is)
{
  for (const char *hyphen = strrchr (group, '-'); hyphen != NULL;
       hyphen = g_strrstr_len (group, hyphen - group, "-"))
    {
      Counter counter;
      guint64 last = 0;

      if (!counter_init (&counter, group, hyphen - group) ||
          !read_end (&counter, hyphen + 1, &last))
        continue;
      *is = TRUE;
      if (last < counter.number)
        return expansion_refuse (
          self, group, "runs backwards: put it in quotation marks where it is one serial number");
      if (last - counter.number >= MUSTER_SERIALS_MAX)
        return expansion_refuse (self, group, "are more than 10000: enter them in parts");
      return expansion_count (self, counter, last - counter.number + 1, group);
    }
  *is = FALSE;
  return FALSE;
}

/* One group, without quotation marks. */
static gboolean
expansion_add_group (Expansion *self, const char *group)
{
  static const char next_one[] = "~*1";
  const char       *sign = strpbrk (group, "+*");
  gboolean          is = FALSE, done;

  if (g_str_equal (group, "~"))
    return expansion_add_counted (self, next_one, &next_one[1], &is);
  while (sign != NULL && strpbrk (sign + 1, "+*") != NULL)
    sign = strpbrk (sign + 1, "+*");
  if (sign != NULL)
    {
      unsigned n_refused = muster_field_errors_get_count (self->errors);

      done = expansion_add_counted (self, group, sign, &is);
      if (is || muster_field_errors_get_count (self->errors) > n_refused)
        return done;
    }
  done = expansion_add_range (self, group, &is);
  return is ? done : expansion_add (self, g_strdup (group));
}

static const char separators[] = ",; \t\r\n";

/* The next group of *TEXT, which goes on behind it; QUOTED (out): it stood in quotation marks. NULL
 * at the end, or with a row where a mark is missing. */
static char *
expansion_read_group (Expansion *self, const char **text, gboolean *quoted)
{
  const char *begin = *text + strspn (*text, separators);
  const char *end = NULL;

  *quoted = *begin == '"';
  if (*begin == '\0')
    return NULL;
  if (!*quoted)
    {
      *text = begin + strcspn (begin, separators);
      return g_strndup (begin, *text - begin);
    }
  end = strchr (begin + 1, '"');
  if (end == NULL)
    {
      expansion_refuse (self, begin, "has no closing quotation mark");
      return NULL;
    }
  *text = end + 1;
  return g_strndup (begin + 1, end - begin - 1);
}

static void
expansion_run (Expansion *self, const char *text)
{
  gboolean         quoted = FALSE, done = TRUE;
  g_autofree char *group = NULL;

  while (done && (group = expansion_read_group (self, &text, &quoted)) != NULL)
    {
      done = quoted ? expansion_add (self, g_strdup (group)) : expansion_add_group (self, group);
      if (done)
        g_set_str (&self->highest, self->serials->pdata[self->serials->len - 1]);
      g_clear_pointer (&group, g_free);
    }
}

GStrv
muster_serials_expand (const char *text,
                       const char *highest,
                       unsigned    quantity,
                       const char *pointer,
                       GError    **error)
{
  g_auto (Expansion) expansion = {
    .serials = g_ptr_array_new_with_free_func (g_free),
    .seen = g_hash_table_new (g_str_hash, g_str_equal),
    .highest = g_strdup (highest),
    .quantity = quantity,
    .pointer = pointer,
    .errors = muster_field_errors_new (),
  };

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > MUSTER_SERIALS_TEXT_MAX || !g_utf8_validate (text, -1, NULL))
    muster_field_errors_add (expansion.errors, pointer, "must be at most %d bytes of UTF-8",
                             MUSTER_SERIALS_TEXT_MAX);
  else
    expansion_run (&expansion, text);
  if (muster_field_errors_get_count (expansion.errors) == 0 && expansion.serials->len == 0)
    muster_field_errors_add (expansion.errors, pointer,
                             "must name at least one, for instance A10-15, 100+3 or ~");
  if (muster_field_errors_get_count (expansion.errors) == 0 && quantity > 0 &&
      expansion.serials->len != quantity)
    muster_field_errors_add (expansion.errors, pointer, "are %u, but %u are wanted",
                             expansion.serials->len, quantity);
  if (!muster_field_errors_check (expansion.errors, error))
    return NULL;
  g_ptr_array_add (expansion.serials, NULL);
  g_ptr_array_set_free_func (expansion.serials, NULL);
  return (GStrv)g_ptr_array_steal (expansion.serials, NULL);
}
