//! Rows into files: CSV, NDJSON (plain, gzip or zstd) and Parquet, one row at a time.

use crate::Fault;
use crate::tables::{self, Cell, Kind, Table};
use crate::weeks::{push_time, time_text};
use arrow::array::{ArrayRef, BooleanBuilder, Float64Builder, StringBuilder, TimestampMillisecondBuilder};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use arrow::record_batch::RecordBatch;
use flate2::{Compression, GzBuilder, write::GzEncoder};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression as Codec, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// The form of a table's file.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    #[value(name = "csv")]
    Csv,
    #[value(name = "csv.gz")]
    CsvGz,
    #[value(name = "csv.zst")]
    CsvZst,
    #[value(name = "ndjson")]
    Ndjson,
    #[value(name = "ndjson.gz")]
    NdjsonGz,
    #[value(name = "parquet")]
    Parquet,
}

impl Format {
    const ALL: [(Format, &'static str); 6] = [
        (Format::Csv, "csv"),
        (Format::CsvGz, "csv.gz"),
        (Format::CsvZst, "csv.zst"),
        (Format::Ndjson, "ndjson"),
        (Format::NdjsonGz, "ndjson.gz"),
        (Format::Parquet, "parquet"),
    ];

    fn extension(self) -> &'static str {
        Self::ALL.iter().find(|(format, _)| *format == self).map_or("csv", |(_, extension)| extension)
    }
}

/// Makes a snapshot's directory, without the tables of an earlier run, and its `snapshot.yaml`.
pub(crate) fn open_snapshot(dir: &Path, as_of: i64) -> Result<(), Fault> {
    fs::create_dir_all(dir)?;
    for table in tables::ALL {
        for (_, extension) in Format::ALL {
            match fs::remove_file(dir.join(format!("{}.{extension}", table.name))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
    }
    let text = format!("as_of: {}\nsource: native\n", time_text(as_of));
    fs::write(dir.join("snapshot.yaml"), text)?;
    Ok(())
}

/// A byte stream that may be compressed.
enum Pipe {
    Plain(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
    Zstd(zstd::stream::write::Encoder<'static, BufWriter<File>>),
}

impl Pipe {
    fn close(self) -> io::Result<()> {
        match self {
            Pipe::Plain(file) => file,
            Pipe::Gzip(encoder) => encoder.finish()?,
            Pipe::Zstd(encoder) => encoder.finish()?,
        }
        .flush()
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Pipe::Plain(file) => file.write(bytes),
            Pipe::Gzip(encoder) => encoder.write(bytes),
            Pipe::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Pipe::Plain(file) => file.flush(),
            Pipe::Gzip(encoder) => encoder.flush(),
            Pipe::Zstd(encoder) => encoder.flush(),
        }
    }
}

enum Form {
    Csv(Box<csv::Writer<Pipe>>),
    Ndjson(Pipe),
    Parquet(Box<Columns>),
}

/// One table's file, open for rows.
pub(crate) struct Sheet {
    table: &'static Table,
    form: Form,
    scratch: Vec<u8>,
    rows: u64,
}

impl Sheet {
    /// Opens `dir/TABLE.EXTENSION`.
    pub(crate) fn create(dir: &Path, table: &'static Table, format: Format) -> Result<Self, Fault> {
        let path = dir.join(format!("{}.{}", table.name, format.extension()));
        let file = File::create(path)?;
        let buffered = |file| BufWriter::with_capacity(1 << 18, file);
        let pipe = match format {
            Format::Parquet => {
                return Ok(Self {
                    table,
                    form: Form::Parquet(Box::new(Columns::new(table, file)?)),
                    scratch: Vec::new(),
                    rows: 0,
                });
            }
            Format::Csv | Format::Ndjson => Pipe::Plain(buffered(file)),
            Format::CsvGz | Format::NdjsonGz => {
                Pipe::Gzip(GzBuilder::new().mtime(0).operating_system(255).write(buffered(file), Compression::best()))
            }
            Format::CsvZst => Pipe::Zstd(zstd::stream::write::Encoder::new(buffered(file), 15)?),
        };
        let form = if matches!(format, Format::Ndjson | Format::NdjsonGz) {
            Form::Ndjson(pipe)
        } else {
            let mut writer = csv::WriterBuilder::new().from_writer(pipe);
            writer.write_record(table.columns.iter().map(|(name, _)| name))?;
            Form::Csv(Box::new(writer))
        };
        Ok(Self { table, form, scratch: Vec::new(), rows: 0 })
    }

    /// Writes one row: a cell for each column of the table.
    pub(crate) fn row(&mut self, cells: &[Cell]) -> Result<(), Fault> {
        debug_assert_eq!(cells.len(), self.table.columns.len());
        self.rows += 1;
        match &mut self.form {
            Form::Csv(writer) => {
                for cell in cells {
                    if let Cell::Text(text) = cell {
                        writer.write_field(text)?;
                    } else {
                        self.scratch.clear();
                        push_plain(&mut self.scratch, *cell)?;
                        writer.write_field(&self.scratch)?;
                    }
                }
                writer.write_record(None::<&[u8]>)?;
            }
            Form::Ndjson(pipe) => {
                let line = &mut self.scratch;
                line.clear();
                for (cell, (name, _)) in cells.iter().zip(self.table.columns) {
                    if matches!(cell, Cell::Absent | Cell::Text("")) {
                        continue;
                    }
                    line.push(if line.is_empty() { b'{' } else { b',' });
                    serde_json::to_writer(&mut *line, name)?;
                    line.push(b':');
                    match cell {
                        Cell::Text(text) => serde_json::to_writer(&mut *line, text)?,
                        Cell::Time(_) => {
                            line.push(b'"');
                            push_plain(line, *cell)?;
                            line.push(b'"');
                        }
                        _ => push_plain(line, *cell)?,
                    }
                }
                line.extend(b"}\n");
                pipe.write_all(line)?;
            }
            Form::Parquet(columns) => columns.row(cells)?,
        }
        Ok(())
    }

    /// Ends the file and says how many rows it holds.
    pub(crate) fn close(self) -> Result<u64, Fault> {
        match self.form {
            Form::Csv(writer) => writer.into_inner().map_err(|error| error.to_string())?.close()?,
            Form::Ndjson(pipe) => pipe.close()?,
            Form::Parquet(columns) => columns.close()?,
        }
        Ok(self.rows)
    }
}

fn push_plain(text: &mut Vec<u8>, cell: Cell) -> io::Result<()> {
    match cell {
        Cell::Absent => {}
        Cell::Text(value) => text.extend(value.as_bytes()),
        Cell::Time(moment) => push_time(text, moment),
        Cell::Truth(truth) => text.extend(truth.to_string().as_bytes()),
        Cell::Tenths(tenths) if tenths % 10 == 0 => write!(text, "{}", tenths / 10)?,
        Cell::Tenths(tenths) => write!(text, "{}.{}", tenths / 10, tenths % 10)?,
    }
    Ok(())
}

/// Rows of one Arrow batch.
const BATCH: usize = 1 << 15;

enum Column {
    Text(StringBuilder),
    Time(TimestampMillisecondBuilder),
    Truth(BooleanBuilder),
    Number(Float64Builder),
}

impl Column {
    fn push(&mut self, cell: Cell) -> Result<(), Fault> {
        match (self, cell) {
            (Column::Text(column), Cell::Text(text)) if !text.is_empty() => {
                column.append_value(text);
            }
            (Column::Text(column), Cell::Text(_) | Cell::Absent) => column.append_null(),
            (Column::Time(column), Cell::Time(moment)) => column.append_value(moment * 1000),
            (Column::Time(column), Cell::Absent) => column.append_null(),
            (Column::Truth(column), Cell::Truth(truth)) => column.append_value(truth),
            (Column::Truth(column), Cell::Absent) => column.append_null(),
            (Column::Number(column), Cell::Tenths(tenths)) => {
                column.append_value(f64::from(tenths) / 10.0);
            }
            (Column::Number(column), Cell::Absent) => column.append_null(),
            _ => return Err("a cell of another kind than its column".into()),
        }
        Ok(())
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Column::Text(column) => Arc::new(column.finish()),
            Column::Time(column) => Arc::new(column.finish()),
            Column::Truth(column) => Arc::new(column.finish()),
            Column::Number(column) => Arc::new(column.finish()),
        }
    }
}

/// A Parquet file: typed columns, dictionaries, zstd, row groups of about a million rows.
struct Columns {
    schema: Arc<Schema>,
    columns: Vec<Column>,
    waiting: usize,
    writer: ArrowWriter<File>,
}

impl Columns {
    fn new(table: &Table, file: File) -> Result<Self, Fault> {
        let utc = "UTC";
        let fields: Vec<Field> = table
            .columns
            .iter()
            .map(|(name, kind)| {
                let data = match kind {
                    Kind::Text => DataType::Utf8,
                    Kind::Time => DataType::Timestamp(TimeUnit::Millisecond, Some(utc.into())),
                    Kind::Truth => DataType::Boolean,
                    Kind::Number => DataType::Float64,
                };
                Field::new(*name, data, true)
            })
            .collect();
        let columns = table
            .columns
            .iter()
            .map(|(_, kind)| match kind {
                Kind::Text => Column::Text(StringBuilder::new()),
                Kind::Time => Column::Time(TimestampMillisecondBuilder::new().with_timezone(utc)),
                Kind::Truth => Column::Truth(BooleanBuilder::new()),
                Kind::Number => Column::Number(Float64Builder::new()),
            })
            .collect();
        let properties = WriterProperties::builder()
            .set_created_by("contoso".to_string())
            .set_compression(Codec::ZSTD(ZstdLevel::try_new(3)?))
            .set_dictionary_enabled(true)
            .set_dictionary_page_size_limit(4 << 20)
            .set_max_row_group_row_count(Some(1 << 20))
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let schema = Arc::new(Schema::new(fields));
        let writer = ArrowWriter::try_new_with_options(file, schema.clone(), options)?;
        Ok(Self { schema, columns, waiting: 0, writer })
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), Fault> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(*cell)?;
        }
        self.waiting += 1;
        if self.waiting == BATCH {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Fault> {
        if self.waiting > 0 {
            let arrays = self.columns.iter_mut().map(Column::take).collect();
            let batch = RecordBatch::try_new(self.schema.clone(), arrays)?;
            self.writer.write(&batch)?;
            self.waiting = 0;
        }
        Ok(())
    }

    fn close(mut self) -> Result<(), Fault> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }
}
