/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_UNIT_H
#define MF_UNIT_H

#include "mf_link.h"
#include "mf_metric.h"

/*
 * A small node on a serial line: what mf_device is to a board with an IP stack, for one with two
 * kilobytes of memory. It has metrics of at most 32 bits, samples them, keeps what the gateway has
 * not acknowledged yet, and answers requests. Its messages are in ../LINK.md.
 */

#define MF_UNIT_NAME_MAX 32u
#define MF_UNIT_UNIT_MAX 8u
#define MF_UNIT_TEXT_MAX 24u

/* The first byte of a message. */
enum mf_unit_message
{
  MF_UNIT_ASK_IDENTITY = 0x01,
  MF_UNIT_ASK_METRIC = 0x02,
  MF_UNIT_WRITE = 0x03,
  MF_UNIT_CONFIGURE = 0x04,
  MF_UNIT_BLINK = 0x05,
  MF_UNIT_REBOOT = 0x06,
  MF_UNIT_SELF_TEST = 0x07,
  MF_UNIT_READ = 0x08,
  MF_UNIT_FALL_BACK = 0x09,
  MF_UNIT_UPDATE_BEGIN = 0x10,
  MF_UNIT_UPDATE_DATA = 0x11,
  MF_UNIT_UPDATE_FINISH = 0x12,
  MF_UNIT_UPDATE_ACTIVATE = 0x13,
  MF_UNIT_UPDATE_CONFIRM = 0x14,
  MF_UNIT_UPDATE_CANCEL = 0x15,

  MF_UNIT_IDENTITY = 0x81,
  MF_UNIT_METRIC = 0x82,
  MF_UNIT_SAMPLES = 0x83,
  MF_UNIT_RESULT = 0x84,
  MF_UNIT_CHECK = 0x85,
};

/* What came of a request. */
enum mf_unit_status
{
  MF_UNIT_DONE = 0,
  MF_UNIT_UNKNOWN = 1,    /* no such request, or not on this unit */
  MF_UNIT_MALFORMED = 2,  /* too short, too long */
  MF_UNIT_NO_METRIC = 3,  /* no metric, or no check, of that number */
  MF_UNIT_READ_ONLY = 4,  /* it may not be written */
  MF_UNIT_RANGE = 5,      /* a value out of its range */
  MF_UNIT_FAILED = 6,     /* the board could not */
  MF_UNIT_NOT_NOW = 7,    /* out of order */
  MF_UNIT_SIGNATURE = 8,  /* the image's signature is not of a key that the unit trusts */
  MF_UNIT_FOREIGN = 9,    /* the image is for another model or hardware revision */
  MF_UNIT_OLDER = 10,     /* the image's security counter is below the unit's */
  MF_UNIT_CORRUPT = 11,   /* the image's bytes are not what its header says */
  MF_UNIT_TOO_LARGE = 12, /* the image does not fit */
};

/* A value of 32 bits, by its metric's type. */
union mf_unit_value
{
  uint32_t u;
  int32_t  i;
  float    f;
};

/* What a metric is. Types: the integers up to 32 bits, float, boolean. */
struct mf_unit_metric
{
  char     name[MF_UNIT_NAME_MAX];
  char     unit[MF_UNIT_UNIT_MAX]; /* "": none */
  uint8_t  type;                   /* enum mf_type */
  bool     writable;
  bool     has_range;
  float    low, high;
  uint32_t period_ms; /* 0: read only when asked and when written */
  float    deadband;
  uint8_t  channel; /* of read() and write() */
  /* Of an output, Boolean or UInt8: what is safe, and after how many seconds in which its gateway
   * was not heard it goes there by itself, until it is configured; 0: it holds what it is. */
  bool     has_safe;
  uint8_t  safe;
  uint16_t fall_back_s;
};

/* How a metric is sampled, and what becomes of an output without its gateway; kept by the board. An
 * output has no noise, so it needs no deadband. */
struct mf_unit_config
{
  uint32_t period_ms;
  union
  {
    float    deadband;
    uint32_t fall_back_s; /* where it has_safe */
  };
};

/* What a metric is now. */
struct mf_unit_state
{
  union mf_unit_value value;
  uint32_t            due_ms;
  bool                known : 1, is_null : 1;
  bool                asked : 1; /* it is due, and not measured yet */
  bool                owed : 1;  /* a sample is kept of it, though it is what it was */
  bool                has_safe : 1;
  bool                fell_back : 1; /* since the last session */
};

/* One sample that waits. */
struct mf_unit_sample
{
  uint32_t time_ms; /* of the unit's own clock */
  uint32_t value;
  uint8_t  metric : 7, is_null : 1;
};

/* One line of the self-test. */
struct mf_unit_check
{
  char  name[MF_UNIT_TEXT_MAX];
  bool  passed;
  float measured, low, high;
};

/* Who the unit is, and what it runs. */
struct mf_unit_identity
{
  const char *model;
  const char *hardware;
  const char *firmware;
};

/* How the unit's program is exchanged. */
enum mf_unit_updates
{
  MF_UNIT_UPDATED_BY_CABLE,
  MF_UNIT_UPDATED_BY_MESSAGES, /* UPDATE_BEGIN and the rest, into the slot that does not run */
  MF_UNIT_UPDATED_BY_LOADER,   /* UPDATE_ACTIVATE has its loader take over the line: LINK.md */
};

/* What the boot loader says of the running image. */
struct mf_unit_boot
{
  uint8_t  can_update; /* enum mf_unit_updates */
  uint8_t  slot;       /* 0, 1; 0xFF: there is one only */
  uint8_t  state;      /* enum mf_boot_state */
  uint32_t security_counter;
};

/* Records that the board keeps over a reset. */
enum mf_unit_record
{
  MF_UNIT_RECORD_SERIAL, /* u8 size, MF_LINK_SERIAL_MAX bytes, then the key */
  MF_UNIT_RECORD_BOOTS,  /* u32 */
  MF_UNIT_RECORD_CONFIG, /* struct mf_unit_config of the first MF_UNIT_CONFIGS metrics; the next
                          * ones in the records after this one */
};
#define MF_UNIT_CONFIGS 5u
#define MF_UNIT_SERIAL_RECORD (1u + MF_LINK_SERIAL_MAX + MF_LINK_KEY)

struct mf_unit_ops
{
  uint32_t (*now_ms) (void *user); /* monotonic, may wrap */
  void (*send) (void *user, const uint8_t *bytes, size_t size);
  void (*random) (void *user, void *out, size_t size);
  void (*describe) (void *user, unsigned metric, struct mf_unit_metric *out);
  enum mf_reading (*read) (void *user, unsigned channel, union mf_unit_value *value);
  bool (*write) (void *user, unsigned channel, const union mf_unit_value *value);
  void (*identify) (void *user, bool on);
  /* Check number `index` of the self-test; false: there are no more. */
  bool (*check) (void *user, unsigned index, struct mf_unit_check *out);
  bool (*load) (void *user, enum mf_unit_record record, void *data, size_t size);
  bool (*save) (void *user, enum mf_unit_record record, const void *data, size_t size);
  void (*boot) (void *user, struct mf_unit_boot *out);
  /* One step of an update: UPDATE_BEGIN with the size, DATA at an offset, then FINISH, ACTIVATE,
   * CONFIRM or CANCEL. `detail` is what the answer carries: the offset that is expected next. */
  enum mf_unit_status (*update) (void                *user,
                                 enum mf_unit_message step,
                                 uint32_t             number,
                                 struct mf_bytes      bytes,
                                 uint32_t            *detail);
  enum mf_reset_cause (*reset_cause) (void *user);
  void (*reset) (void *user); /* does not return */
};

struct mf_unit
{
  struct mf_link            link;
  const struct mf_unit_ops *ops;
  void                     *user;
  struct mf_unit_identity   identity;
  struct mf_unit_state     *states;
  struct mf_unit_config    *configs;
  uint8_t                   n_metrics;
  struct mf_unit_sample    *samples;
  uint8_t                   capacity, first, count, in_flight;
  uint32_t                  first_record; /* the number of the oldest that waits */
  uint32_t                  dropped, boots;
  uint32_t                  reset_due_ms, blink_until_ms;
  bool                      resetting, blinking, greeting;
};

/* The caller's memory: a state, a config for each metric, samples to keep (1 to 255), and the
 * two buffers of mf_link_init(). Counts the start and saves the count. False: the records cannot be
 * written. */
bool mf_unit_init (struct mf_unit                *self,
                   const struct mf_unit_ops      *ops,
                   void                          *user,
                   const struct mf_unit_identity *identity,
                   struct mf_unit_state          *states,
                   struct mf_unit_config         *configs,
                   unsigned                       n_metrics,
                   struct mf_unit_sample         *samples,
                   unsigned                       n_samples,
                   uint8_t                       *rx,
                   size_t                         rx_size,
                   uint8_t                       *tx,
                   size_t                         tx_size);

/* Bytes of the line. */
void mf_unit_bytes (struct mf_unit *self, const uint8_t *bytes, size_t size);

/* Does what is due; returns in how many milliseconds to come again at the latest. */
uint32_t mf_unit_step (struct mf_unit *self);

#endif
