/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "mf_device.h"

G_BEGIN_DECLS

#define MF_TEST_PAGE 4096

/* What the core did with the transport, in order. */
typedef enum
{
  MF_TEST_CONNECT,
  MF_TEST_SUBSCRIBE,
  MF_TEST_PUBLISH,
  MF_TEST_DISCONNECT,
  MF_TEST_RESET,
} MfTestAct;

typedef struct
{
  MfTestAct act;
  char     *topic;   /* of the will with CONNECT */
  GBytes   *payload; /* of the will with CONNECT */
  char     *host;    /* with CONNECT */
  char     *login;   /* "client user password tls-name port", with CONNECT */
  int       qos;
  gboolean  retain;
} MfTestEntry;

/* A board in memory: time stands still until told, the flash loses power when told, the transport
 * only writes down what it was asked. */
typedef struct
{
  struct mf_port port;
  guint8         flash[2][MF_TEST_PAGE];
  gint64         power; /* bytes that can still be written or erased; -1 = no end */
  gboolean       dark;  /* it ran out: nothing is written any more */
  guint64        now_ms;
  guint64        wall_ms; /* 0: the board has no clock */
  GPtrArray     *log;     /* element-type MfTestEntry */
  gboolean       refuse_connect;
  gboolean       refuse_publish;
  GQueue         random; /* element-type GBytes: what random() shall give, before it is random */
  float          temperature;
  gboolean       broken;
  gboolean       relay;
  gint64         level;
  char           note[MF_TEXT_MAX + 1];
  gboolean       identifying;
  guint          watchdogs;
} MfTestBoard;

MfTestBoard *mf_test_board_new (void);
void         mf_test_board_free (MfTestBoard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MfTestBoard, mf_test_board_free)

/* The metrics of the board: alias 1 … MF_TEST_N_METRICS. */
enum
{
  MF_TEST_TEMPERATURE, /* Float, kept, every second, -40 to 125 °C */
  MF_TEST_RELAY,       /* Boolean, writable */
  MF_TEST_LEVEL,       /* Int32, writable, -100 to 100 % */
  MF_TEST_NOTE,        /* String, writable */
  MF_TEST_SERIAL,      /* String */
  MF_TEST_N_METRICS,
};
extern const struct mf_metric_info mf_test_infos[MF_TEST_N_METRICS];

/* Encodes muster.pairing.Credentials; a NULL or 0 leaves a member out. */
typedef struct
{
  const char *adoption_id;
  const char *hosts[6];
  guint       port;
  const char *username;
  const char *password;
  const char *ca;
  const char *group_id;
  const char *host_id;
  guint64     time_ms;
} MfTestCredentials;
extern const MfTestCredentials mf_test_credentials;
GBytes                        *mf_test_credentials_encode (const MfTestCredentials *credentials);

/* The nth entry of `act`, counted from 0, or from the end by -1 and below; NULL when there is none.
 */
const MfTestEntry *mf_test_board_find (MfTestBoard *self, MfTestAct act, int nth);
guint              mf_test_board_count (MfTestBoard *self, MfTestAct act);
/* Publications to topics that hold `part`. */
guint mf_test_board_count_topic (MfTestBoard *self, const char *part);
void  mf_test_board_clear (MfTestBoard *self);

G_END_DECLS
