/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-manual-addresses"

#include "config.h"

#include "model/muster-error.h"
#include "muster-identifier.h"
#include "muster-manual-addresses.h"

#define MAX_RUNNING 8
#define INTERVAL (60 * G_TIME_SPAN_SECOND)
#define INTERVAL_MAX (10 * G_TIME_SPAN_MINUTE)

typedef struct
{
  char             *id;
  char             *address;
  char             *name;    /* (nullable) */
  MusterMdnsRecord *record;  /* (owned) (nullable): what answered last */
  DexFuture        *inquiry; /* (owned) (nullable) */
  gint64            due;     /* monotonic */
  unsigned          failures;
} Address;

/* An inquiry under way. */
typedef struct
{
  MusterManualAddresses *owner; /* (owned) */
  char                  *id;
  gboolean               is_over;
} Inquiry;

struct _MusterManualAddresses
{
  GObject          parent_instance;
  MusterHttpFetch *fetch;
  MusterClock     *clock;
  GHashTable      *addresses; /* id → Address */
  unsigned         n_running;
};

G_DEFINE_FINAL_TYPE (MusterManualAddresses, muster_manual_addresses, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_ANSWERED,
  SIGNAL_SILENT,
} MusterManualAddressesSignal;

static guint signals[SIGNAL_SILENT + 1];

static void
address_free (gpointer data)
{
  Address *self = data;

  dex_clear (&self->inquiry);
  g_clear_pointer (&self->record, muster_mdns_record_unref);
  g_free (self->id);
  g_free (self->address);
  g_free (self->name);
  g_free (self);
}

static void
inquiry_end (Inquiry *self)
{
  if (!self->is_over)
    self->owner->n_running--;
  self->is_over = TRUE;
}

static void
inquiry_free (gpointer data)
{
  Inquiry *self = data;

  inquiry_end (self);
  g_object_unref (self->owner);
  g_free (self->id);
  g_free (self);
}

static void
muster_manual_addresses_forget_record (MusterManualAddresses *self, Address *address)
{
  g_autoptr (MusterMdnsRecord) record = g_steal_pointer (&address->record);

  if (record != NULL)
    g_signal_emit (self, signals[SIGNAL_SILENT], 0, record);
}

static void
muster_manual_addresses_take_record (MusterManualAddresses *self,
                                     Address               *address,
                                     MusterMdnsRecord      *record)
{
  g_autoptr (MusterMdnsRecord) before = g_steal_pointer (&address->record);

  address->record = muster_mdns_record_ref (record);
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, record);
  /* The new one first: so the candidate is never without a service in between. */
  if (before != NULL && !muster_mdns_record_same (before, record))
    g_signal_emit (self, signals[SIGNAL_SILENT], 0, before);
}

/* Makes its candidate known by the address alone, not present. */
static void
muster_manual_addresses_introduce (MusterManualAddresses *self, Address *address)
{
  g_autoptr (MusterMdnsRecord) record = NULL;

  record =
    muster_mdns_record_new_asked ("", address->name != NULL ? address->name : address->address,
                                  address->address, NULL, 0, NULL);
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, record);
  g_signal_emit (self, signals[SIGNAL_SILENT], 0, record);
}

static DexFuture *
muster_manual_addresses_answered_cb (DexFuture *future, gpointer user_data)
{
  Inquiry               *inquiry = user_data;
  MusterManualAddresses *self = inquiry->owner;
  Address               *address = g_hash_table_lookup (self->addresses, inquiry->id);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  inquiry_end (inquiry);
  if (address == NULL)
    return dex_future_new_true ();
  if (value != NULL)
    {
      address->failures = 0;
      muster_manual_addresses_take_record (self, address, g_value_get_boxed (value));
    }
  else
    {
      g_debug ("%s: %s", address->address, error->message);
      address->failures++;
      muster_manual_addresses_forget_record (self, address);
    }
  address->due = muster_clock_get_monotonic (self->clock) +
                 MIN (INTERVAL << MIN (address->failures, 5), INTERVAL_MAX);
  /* There is room for one that waits. */
  muster_manual_addresses_tick (self);
  return dex_future_new_true ();
}

static void
muster_manual_addresses_ask (MusterManualAddresses *self, Address *address)
{
  Inquiry *inquiry = g_new0 (Inquiry, 1);

  self->n_running++;
  inquiry->owner = g_object_ref (self);
  inquiry->id = g_strdup (address->id);
  dex_clear (&address->inquiry);
  address->inquiry =
    dex_future_finally (muster_identify_address (self->fetch, address->address),
                        muster_manual_addresses_answered_cb, inquiry, inquiry_free);
}

void
muster_manual_addresses_tick (MusterManualAddresses *self)
{
  GHashTableIter iter;
  Address       *address;
  gint64         now;

  g_return_if_fail (MUSTER_IS_MANUAL_ADDRESSES (self));

  now = muster_clock_get_monotonic (self->clock);
  g_hash_table_iter_init (&iter, self->addresses);
  while (self->n_running < MAX_RUNNING &&
         g_hash_table_iter_next (&iter, NULL, (gpointer *)&address))
    if (address->due <= now &&
        (address->inquiry == NULL || !dex_future_is_pending (address->inquiry)))
      muster_manual_addresses_ask (self, address);
}

void
muster_manual_addresses_add (MusterManualAddresses *self,
                             const char            *id,
                             const char            *text,
                             const char            *name)
{
  Address *address;

  g_return_if_fail (MUSTER_IS_MANUAL_ADDRESSES (self));
  g_return_if_fail (id != NULL && text != NULL);

  muster_manual_addresses_remove (self, id);
  address = g_new0 (Address, 1);
  address->id = g_strdup (id);
  address->address = g_strdup (text);
  address->name = g_strdup (name);
  g_hash_table_insert (self->addresses, address->id, address);
  muster_manual_addresses_introduce (self, address);
  muster_manual_addresses_tick (self);
}

void
muster_manual_addresses_remove (MusterManualAddresses *self, const char *id)
{
  Address *address;

  g_return_if_fail (MUSTER_IS_MANUAL_ADDRESSES (self));
  g_return_if_fail (id != NULL);

  address = g_hash_table_lookup (self->addresses, id);
  if (address == NULL)
    return;
  muster_manual_addresses_forget_record (self, address);
  g_hash_table_remove (self->addresses, id);
}

void
muster_manual_addresses_ask_all (MusterManualAddresses *self)
{
  GHashTableIter iter;
  Address       *address;

  g_return_if_fail (MUSTER_IS_MANUAL_ADDRESSES (self));

  g_hash_table_iter_init (&iter, self->addresses);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&address))
    address->due = 0;
  muster_manual_addresses_tick (self);
}

static void
muster_manual_addresses_finalize (GObject *object)
{
  MusterManualAddresses *self = MUSTER_MANUAL_ADDRESSES (object);

  g_hash_table_unref (self->addresses);
  g_clear_object (&self->fetch);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_manual_addresses_parent_class)->finalize (object);
}

static void
muster_manual_addresses_class_init (MusterManualAddressesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_manual_addresses_finalize;
  signals[SIGNAL_ANSWERED] =
    g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, MUSTER_TYPE_MDNS_RECORD);
  signals[SIGNAL_SILENT] = g_signal_new ("silent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, MUSTER_TYPE_MDNS_RECORD);
}

static void
muster_manual_addresses_init (MusterManualAddresses *self)
{
  self->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, address_free);
}

MusterManualAddresses *
muster_manual_addresses_new (MusterHttpFetch *fetch, MusterClock *clock)
{
  MusterManualAddresses *self;

  g_return_val_if_fail (MUSTER_IS_HTTP_FETCH (fetch), NULL);
  g_return_val_if_fail (MUSTER_IS_CLOCK (clock), NULL);

  self = g_object_new (MUSTER_TYPE_MANUAL_ADDRESSES, NULL);
  self->fetch = g_object_ref (fetch);
  self->clock = g_object_ref (clock);
  return self;
}
