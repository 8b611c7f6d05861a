/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-draft"

#include "config.h"

#include <string.h>

#include "model/muster-money.h"
#include "model/muster-product.h"
#include "muster-order-draft.h"

#define MAX_QUANTITY G_GINT64_CONSTANT (1000000000)
#define MAX_RATE 100000

struct _MusterOrderDraft
{
  char      *currency; /* (owned) */
  GPtrArray *lines;    /* (owned) (element-type MusterDraftLine) */
};

static void
line_free (gpointer data)
{
  MusterDraftLine *line = data;

  g_clear_object (&line->product);
  g_free (line->id);
  g_free (line->product_id);
  g_free (line->device_id);
  g_free (line->description);
  g_free (line);
}

MusterOrderDraft *
muster_order_draft_new (const char *currency)
{
  MusterOrderDraft *self = g_new0 (MusterOrderDraft, 1);

  self->currency = g_strdup (currency);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  return self;
}

void
muster_order_draft_free (MusterOrderDraft *self)
{
  g_free (self->currency);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

const char *
muster_order_draft_get_currency (MusterOrderDraft *self)
{
  return self->currency;
}

void
muster_order_draft_set_currency (MusterOrderDraft *self, const char *currency)
{
  g_set_str (&self->currency, currency);
}

unsigned
muster_order_draft_get_length (MusterOrderDraft *self)
{
  return self->lines->len;
}

MusterDraftLine *
muster_order_draft_get (MusterOrderDraft *self, unsigned index)
{
  g_return_val_if_fail (index < self->lines->len, NULL);

  return self->lines->pdata[index];
}

MusterDraftLine *
muster_order_draft_add (MusterOrderDraft *self, MusterOrderLineKind kind)
{
  MusterDraftLine *line = g_new0 (MusterDraftLine, 1);

  line->kind = kind;
  line->quantity = 1;
  g_ptr_array_add (self->lines, line);
  return line;
}

void
muster_order_draft_remove (MusterOrderDraft *self, MusterDraftLine *line)
{
  g_ptr_array_remove (self->lines, line);
}

int
muster_order_draft_find (MusterOrderDraft *self, MusterDraftLine *line)
{
  unsigned index;

  return g_ptr_array_find (self->lines, line, &index) ? (int)index : -1;
}

void
muster_draft_line_set_product (MusterDraftLine *line, MusterEntity *product)
{
  g_return_if_fail (line != NULL);
  g_return_if_fail (product == NULL || MUSTER_IS_PRODUCT (product));

  g_set_object (&line->product, product);
  g_clear_pointer (&line->device_id, g_free);
  g_set_str (&line->product_id, product != NULL ? muster_entity_get_id (product) : NULL);
  if (product == NULL)
    return;
  g_set_str (&line->description, muster_entity_get_string (product, "name"));
  line->unit_price = muster_entity_get_integer (product, "unit_price");
}

MusterDraftLine *
muster_order_draft_find_product (MusterOrderDraft *self, const char *product_id)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      MusterDraftLine *line = self->lines->pdata[i];

      if (line->device_id == NULL && g_strcmp0 (line->product_id, product_id) == 0)
        return line;
    }
  return NULL;
}

void
muster_order_draft_refresh_product (MusterOrderDraft *self, MusterEntity *product)
{
  g_return_if_fail (MUSTER_IS_PRODUCT (product));

  for (unsigned i = 0; i < self->lines->len; i++)
    {
      MusterDraftLine *line = self->lines->pdata[i];

      if (g_strcmp0 (line->product_id, muster_entity_get_id (product)) == 0)
        g_set_object (&line->product, product);
    }
}

gint64
muster_order_draft_count_product (MusterOrderDraft *self, const char *product_id)
{
  gint64 count = 0;

  for (unsigned i = 0; i < self->lines->len; i++)
    {
      MusterDraftLine *line = self->lines->pdata[i];

      if (line->kind == MUSTER_ORDER_LINE_KIND_ITEM &&
          g_strcmp0 (line->product_id, product_id) == 0)
        count += line->quantity;
    }
  return count;
}

/* Reckons the lines of KIND, whose rates are of BASE, into SUM. */
static gboolean
sum_kind (MusterOrderDraft   *self,
          MusterOrderLineKind kind,
          gint64              base,
          gint64             *sum,
          MusterDraftLine   **failed)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      MusterDraftLine *line = self->lines->pdata[i];

      if (line->kind != kind)
        continue;
      if (line->has_rate)
        line->subtotal = muster_money_percent (base, line->rate, self->currency);
      else if (!muster_money_multiply (line->unit_price, line->quantity, self->currency,
                                       &line->subtotal))
        {
          if (failed != NULL)
            *failed = line;
          return FALSE;
        }
      /* What is taken off is written without a sign by whoever types it. */
      if (kind == MUSTER_ORDER_LINE_KIND_DISCOUNT && line->subtotal > 0)
        line->subtotal = -line->subtotal;
      *sum += line->subtotal;
    }
  return TRUE;
}

gboolean
muster_order_draft_sum (MusterOrderDraft *self, MusterDraftTotals *totals, MusterDraftLine **failed)
{
  MusterDraftTotals sums = { 0 };

  g_return_val_if_fail (totals != NULL, FALSE);

  if (!sum_kind (self, MUSTER_ORDER_LINE_KIND_ITEM, 0, &sums.items, failed) ||
      !sum_kind (self, MUSTER_ORDER_LINE_KIND_DISCOUNT, sums.items, &sums.discount, failed) ||
      !sum_kind (self, MUSTER_ORDER_LINE_KIND_SHIPPING, sums.items, &sums.shipping, failed) ||
      !sum_kind (self, MUSTER_ORDER_LINE_KIND_TAX, sums.items + sums.discount + sums.shipping,
                 &sums.tax, failed))
    return FALSE;
  sums.total = sums.items + sums.discount + sums.shipping + sums.tax;
  *totals = sums;
  return TRUE;
}

static gboolean
is_blank (const MusterDraftLine *line)
{
  return line->kind == MUSTER_ORDER_LINE_KIND_ITEM && line->product_id == NULL &&
         line->device_id == NULL && (line->description == NULL || *line->description == '\0');
}

static void
write_money (JsonObject *object, const char *name, gint64 amount)
{
  g_autofree char *text = muster_money_format (amount);

  json_object_set_string_member (object, name, text);
}

static JsonObject *
write_line (const MusterDraftLine *line)
{
  JsonObject *object = json_object_new ();
  gint64      price = line->unit_price;

  if (line->id != NULL)
    json_object_set_string_member (object, "id", line->id);
  json_object_set_string_member (object, "kind",
                                 muster_enum_get_nick (&muster_order_line_kind_enum, line->kind));
  if (line->product_id != NULL)
    json_object_set_string_member (object, "product_id", line->product_id);
  if (line->device_id != NULL)
    json_object_set_string_member (object, "device_id", line->device_id);
  if (line->description != NULL && *line->description != '\0')
    json_object_set_string_member (object, "description", line->description);
  json_object_set_int_member (object, "quantity", line->quantity);
  if (line->kind == MUSTER_ORDER_LINE_KIND_DISCOUNT && price > 0)
    price = -price;
  if (!line->has_rate)
    write_money (object, "unit_price", price);
  else if (line->kind == MUSTER_ORDER_LINE_KIND_DISCOUNT)
    json_object_set_int_member (object, "rate", -ABS (line->rate));
  else
    json_object_set_int_member (object, "rate", line->rate);
  return object;
}

JsonArray *
muster_order_draft_to_json (MusterOrderDraft *self)
{
  JsonArray *array = json_array_new ();

  for (unsigned i = 0; i < self->lines->len; i++)
    if (!is_blank (self->lines->pdata[i]))
      json_array_add_object_element (array, write_line (self->lines->pdata[i]));
  return array;
}

MusterDraftLine *
muster_order_draft_get_written (MusterOrderDraft *self, unsigned index)
{
  for (unsigned i = 0; i < self->lines->len; i++)
    if (!is_blank (self->lines->pdata[i]) && index-- == 0)
      return self->lines->pdata[i];
  return NULL;
}

char *
muster_order_draft_save (MusterOrderDraft *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, muster_order_draft_to_json (self));
  return json_to_string (node, FALSE);
}

static void
add_item (MusterOrderDraft *self, MusterEntity *item)
{
  MusterDraftLine *line = muster_order_draft_add (self, muster_entity_get_enum (item, "kind"));

  line->id = g_strdup (muster_entity_get_id (item));
  line->product_id = g_strdup (muster_entity_get_string (item, "product_id"));
  line->device_id = g_strdup (muster_entity_get_string (item, "device_id"));
  line->description = g_strdup (muster_entity_get_string (item, "description"));
  line->quantity = CLAMP (muster_entity_get_integer (item, "quantity"), 1, MAX_QUANTITY);
  line->has_rate = !muster_entity_is_null (item, "rate");
  line->rate = muster_entity_get_integer (item, "rate");
  line->unit_price = muster_entity_get_integer (item, "unit_price");
}

static void
restore_line (JsonArray *array, unsigned index, JsonNode *node, gpointer user_data)
{
  g_autoptr (MusterEntity) item = JSON_NODE_HOLDS_OBJECT (node)
                                   ? muster_entity_new_from_json (&muster_order_item_info,
                                                                  json_node_get_object (node), NULL)
                                   : NULL;

  if (item != NULL)
    add_item (user_data, item);
}

void
muster_order_draft_take_items (MusterOrderDraft *self, GPtrArray *items)
{
  g_return_if_fail (items != NULL);

  g_ptr_array_set_size (self->lines, 0);
  for (unsigned i = 0; i < items->len; i++)
    add_item (self, items->pdata[i]);
}

gboolean
muster_order_draft_restore (MusterOrderDraft *self, JsonArray *lines)
{
  g_return_val_if_fail (lines != NULL, FALSE);

  g_ptr_array_set_size (self->lines, 0);
  json_array_foreach_element (lines, restore_line, self);
  return self->lines->len > 0;
}

/* --- what is typed --- */

/* The length of the sign of multiplication that TEXT begins with, or 0. The letter needs room
 * after it, lest "3xl" is three of something. */
static unsigned
skip_times (const char *text)
{
  if (g_str_has_prefix (text, "×"))
    return strlen ("×");
  if (*text == '*')
    return 1;
  if ((*text == 'x' || *text == 'X') && text[1] == ' ')
    return 1;
  return 0;
}

/* "3 x pump" */
static const char *
parse_before (const char *text, gint64 *quantity)
{
  char       *end;
  gint64      number = g_ascii_isdigit (*text) ? g_ascii_strtoll (text, &end, 10) : 0;
  const char *rest;
  unsigned    sign;

  if (number < 1 || number > MAX_QUANTITY)
    return NULL;
  rest = end + strspn (end, " ");
  sign = skip_times (rest);
  if (sign == 0)
    return NULL;
  *quantity = number;
  return rest + sign;
}

/* "pump x3", "pump × 3": where the name ends, or 0. */
static gsize
parse_after (const char *text, gint64 *quantity)
{
  gsize  end = strlen (text), digits = end, sign;
  gint64 number;

  while (digits > 0 && g_ascii_isdigit (text[digits - 1]))
    digits--;
  if (digits == end || digits == 0)
    return 0;
  number = g_ascii_strtoll (text + digits, NULL, 10);
  sign = digits;
  while (sign > 0 && text[sign - 1] == ' ')
    sign--;
  if (sign >= 2 && memcmp (text + sign - 2, "×", 2) == 0)
    sign -= 2;
  else if (sign >= 1 && text[sign - 1] == '*')
    sign -= 1;
  else if (sign >= 2 && (text[sign - 1] == 'x' || text[sign - 1] == 'X') && text[sign - 2] == ' ')
    sign -= 1;
  else
    return 0;
  if (number < 1 || number > MAX_QUANTITY)
    return 0;
  *quantity = number;
  return sign;
}

char *
muster_line_entry_parse (const char *text, gint64 *quantity)
{
  g_autofree char *whole = NULL;
  const char      *rest;
  gsize            end;

  g_return_val_if_fail (text != NULL && quantity != NULL, NULL);

  *quantity = 1;
  whole = g_strstrip (g_strdup (text));
  rest = parse_before (whole, quantity);
  if (rest != NULL)
    return g_strstrip (g_strdup (rest));
  end = parse_after (whole, quantity);
  return end > 0 ? g_strstrip (g_strndup (whole, end)) : g_steal_pointer (&whole);
}

int
muster_charge_parse (const char *text, gint64 *amount, int *rate)
{
  g_autofree char *plain = NULL;
  gint64           value;
  gsize            length;
  gboolean         percent;

  g_return_val_if_fail (text != NULL && amount != NULL && rate != NULL, 0);

  plain = g_strdelimit (g_strstrip (g_strdup (text)), ",", '.');
  length = strlen (plain);
  percent = length > 0 && plain[length - 1] == '%';
  if (percent)
    plain[length - 1] = '\0';
  g_strstrip (plain);
  if (!muster_money_parse (plain, &value))
    return 0;
  if (!percent)
    {
      *amount = value;
      return 1;
    }
  /* A rate has two decimals, money four. */
  if (value % 100 != 0 || ABS (value / 100) > MAX_RATE)
    return 0;
  *rate = value / 100;
  return 2;
}

char *
muster_rate_format (int rate)
{
  int      size = ABS (rate);
  GString *text = g_string_new (rate < 0 ? "-" : NULL);

  g_string_append_printf (text, "%d", size / 100);
  if (size % 100 != 0)
    g_string_append_printf (text, size % 10 == 0 ? ".%d" : ".%02d",
                            size % 10 == 0 ? size % 100 / 10 : size % 100);
  g_string_append (text, " %");
  return g_string_free_and_steal (text);
}
