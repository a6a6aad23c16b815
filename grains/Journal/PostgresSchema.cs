namespace Realtime.Journal;

/// <summary>The journal's tables, as PostgreSQL has them. Released scripts are never edited.</summary>
internal static class PostgresSchema
{
    /// <summary>
    /// Names are ordered by their bytes, whatever the database's own collation, so that a prefix is a range. No foreign key binds rows to lanes: it would lock the lane's row on each insert.
    /// </summary>
    public const string Journal =
        """
        CREATE TABLE journal (
            stream  text COLLATE "C" NOT NULL,
            seq     bigint  NOT NULL,
            lane    bigint  NOT NULL,
            n       bigint  NOT NULL,
            at      bigint  NOT NULL, -- Unix ticks of 100 ns
            kind    text    NOT NULL,
            version integer NOT NULL,
            actor   text    NOT NULL,
            reason  text    NOT NULL,
            payload bytea   NOT NULL,
            hash    bytea   NOT NULL,
            PRIMARY KEY (stream, seq),
            UNIQUE (lane, n)
        );
        CREATE TABLE lane (
            lane   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            writer text   NOT NULL,
            opened bigint NOT NULL, -- Unix ticks of 100 ns
            ended  bigint           -- its last n; null while its writer may live
        );
        CREATE INDEX lane_live ON lane (lane) WHERE ended IS NULL;
        CREATE TABLE public_state (
            stream  text COLLATE "C" NOT NULL PRIMARY KEY,
            seq     bigint NOT NULL,
            payload bytea  NOT NULL
        );
        -- Which life of the store this is; whoever restores a backup writes another.
        CREATE TABLE store (epoch text NOT NULL);
        INSERT INTO store (epoch) VALUES (replace(gen_random_uuid()::text, '-', ''));
        """;

    /// <summary>Sets of the medicines database by their hash; the journal's stream <c>catalogue</c> names the one in force.</summary>
    public const string Catalogue =
        """
        CREATE TABLE catalogue (
            hash    text COLLATE "C" NOT NULL PRIMARY KEY,
            at      bigint NOT NULL, -- Unix ticks of 100 ns
            payload bytea  NOT NULL
        );
        """;

    /// <summary>Orders that their stream's state no longer holds, found by their id from the newest on: ids too are ordered by their bytes.</summary>
    public const string OrderHistory =
        """
        CREATE TABLE order_history (
            stream   text COLLATE "C" NOT NULL,
            order_id text COLLATE "C" NOT NULL,
            state    text   NOT NULL,
            seq      bigint NOT NULL, -- the row that left it so
            payload  bytea  NOT NULL,
            PRIMARY KEY (stream, order_id)
        );
        """;
}
