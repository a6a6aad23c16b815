using Realtime.Silo.Import;

const string Usage = """
    usage: silo import santefr FILE [--dry-run]    import opening hours and positions as Santé.fr publishes them
           silo import finess FILE [--dry-run]     import names, addresses and positions from the register, CSV or JSON
           silo import osm FILE [--dry-run]        import positions and opening hours from OpenStreetMap, GeoJSON

    One process that is silo, API and pages together is the web project: dotnet run --project web
    """;

switch (args)
{
    case ["import", .. var words]:
        return await new ImportCommand(EmbeddedStore.Open, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected).Run(words);
    case ["-h" or "--help" or "help"]:
        Console.WriteLine(Usage);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
